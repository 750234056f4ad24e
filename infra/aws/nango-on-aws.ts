import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProgramConfig } from "../config/index.ts";
import type { DatabaseConfig } from "../config/stack-config.ts";
import { GeneratedSecrets } from "../generated-secrets.ts";
import type { Environment, Logs } from "../nango/environment.ts";
import { serverEnvironment } from "../nango/environment.ts";
import { Cache, redisPort } from "./cache.ts";
import { certificatesFile, type TaskContext } from "./containers.ts";
import { Database, postgresPort } from "./database.ts";
import { taskImage } from "./image.ts";
import { LoadBalancer } from "./load-balancer.ts";
import { Migration } from "./migration.ts";
import { Network } from "./network.ts";
import { outputs, type StackOutputs } from "./outputs.ts";
import { Search, searchPort, searchUser } from "./search.ts";
import { StoredSecret } from "./secrets.ts";
import { Service } from "./service.ts";
import { TaskRoles } from "./task-roles.ts";
import { type DataService, TaskSecurityGroup } from "./task-security-group.ts";

/** Nango's free edition in an AWS account. */
export class NangoOnAws extends pulumi.ComponentResource {
  /** What the stack tells its user. */
  readonly outputs: StackOutputs;

  constructor(name: string, config: ProgramConfig, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Nango", name, {}, opts);
    const parent = { parent: this };
    const { protect, region } = config;
    const { logRetentionDays } = config.service;

    const network = new Network(`${name}-network`, { network: config.network, region, protect }, parent);
    const inDatabaseSubnets = {
      vpcId: network.vpcId,
      subnetIds: network.databaseSubnetIds,
      protect,
      logRetentionDays,
    };
    const database = (suffix: string, wanted: DatabaseConfig<pulumi.Output<string>> | undefined) =>
      wanted?.kind === "rds"
        ? new Database(`${name}-${suffix}`, { instance: wanted, ...inDatabaseSubnets }, parent)
        : undefined;
    const main = database("database", config.database);
    const records = database("records", config.recordsDatabase);
    const cache =
      config.redis.kind === "elasticache"
        ? new Cache(`${name}-cache`, { ...config.redis, ...inDatabaseSubnets }, parent)
        : undefined;
    const search =
      config.logs.store === "domain"
        ? new Search(`${name}-search`, { domain: config.logs.domain, region, ...inDatabaseSubnets }, parent)
        : undefined;
    const loadBalancer = new LoadBalancer(
      name,
      { access: config.access, vpcId: network.vpcId, subnetIds: network.loadBalancerSubnetIds },
      parent,
    );

    const secrets = new GeneratedSecrets(
      name,
      {
        encryptionKey: config.encryptionKey,
        basicAuth: config.dashboard.auth === "basic" ? config.dashboard : undefined,
        protect,
      },
      parent,
    );
    const environment = nangoEnvironment(config, { loadBalancer, main, records, cache, search, secrets });
    const secret = new StoredSecret(
      name,
      {
        values: environment.secret,
        encryptionKeyFingerprint: secrets.encryptionKeyFingerprint,
        allowEncryptionKeyChange: config.allowEncryptionKeyChange,
        protect,
      },
      parent,
    );
    const logGroup = new aws.cloudwatch.LogGroup(name, { retentionInDays: logRetentionDays }, parent);
    const cluster = new aws.ecs.Cluster(name, { tags: { Name: name } }, parent);
    const capacity = new aws.ecs.ClusterCapacityProviders(
      name,
      { clusterName: cluster.name, capacityProviders: ["FARGATE", "FARGATE_SPOT"] },
      parent,
    );
    const securityGroup = new TaskSecurityGroup(
      `${name}-tasks`,
      {
        vpcId: network.vpcId,
        loadBalancer,
        dataServices: [
          ...dataService("database", main, postgresPort),
          ...dataService("records", records, postgresPort),
          ...dataService("cache", cache, redisPort),
          ...dataService("search", search, searchPort),
        ],
      },
      parent,
    );

    const image = taskImage(`${name}-image`, config, parent);
    const task: TaskContext = {
      image: image.reference,
      environment,
      secret,
      certificates: config.databaseCertificates,
      logGroup,
      region,
    };
    const roles = new TaskRoles(
      name,
      { secret, logGroup, image, executeCommand: config.service.executeCommand },
      parent,
    );
    const run = { task, roles, cluster, network, securityGroupId: securityGroup.id };
    const migration = new Migration(
      `${name}-migrate`,
      {
        ...run,
        image,
        timeoutMinutes: config.service.migrationTimeoutMinutes,
        clearLock: config.service.clearMigrationLock,
        requirements: [capacity, securityGroup, network],
      },
      parent,
    );
    const service = new Service(name, { ...run, service: config.service, loadBalancer, migration }, parent);

    this.outputs = outputs(config, {
      loadBalancer,
      secrets,
      secret,
      database: main,
      cluster,
      service,
      logGroup,
    });
    this.registerOutputs({ url: loadBalancer.url });
  }
}

/** What the tasks connect to, if it is there. */
function dataService(
  name: string,
  made: { readonly securityGroupId: pulumi.Output<string> } | undefined,
  port: number,
): DataService[] {
  return made === undefined ? [] : [{ name, securityGroupId: made.securityGroupId, port }];
}

/** The environment of Nango's server in this deployment. */
function nangoEnvironment(
  config: ProgramConfig,
  made: {
    loadBalancer: LoadBalancer;
    main: Database | undefined;
    records: Database | undefined;
    cache: Cache | undefined;
    search: Search | undefined;
    secrets: GeneratedSecrets;
  },
): Environment<pulumi.Output<string>> {
  const { secrets } = made;
  const urlOf = (database: Database | undefined, wanted: DatabaseConfig<pulumi.Output<string>> | undefined) =>
    database?.url ?? (wanted?.kind === "external" ? wanted.url : undefined);
  return serverEnvironment({
    serverUrl: made.loadBalancer.url,
    connectUrl: made.loadBalancer.connectUrl,
    websocketsPath: config.service.websocketsPath,
    databaseUrl: urlOf(made.main, config.database)!,
    recordsDatabaseUrl: urlOf(made.records, config.recordsDatabase),
    certificatesFile: config.databaseCertificates === undefined ? undefined : certificatesFile,
    pools: config.pools,
    encryptionKey: secrets.encryptionKey,
    adminKey: secrets.adminKey,
    dashboard:
      config.dashboard.auth === "basic"
        ? { auth: "basic", user: config.dashboard.user, ...secrets.basicAuth! }
        : config.dashboard,
    email: config.email,
    logs: logsStore(config, made.search),
    redisUrl: made.cache?.url ?? (config.redis.kind === "external" ? config.redis.url : undefined),
    allowPrivateAddresses: config.access.allowPrivateAddresses,
    extra: config.environment,
  });
}

function logsStore(config: ProgramConfig, search: Search | undefined): Logs<pulumi.Output<string>> {
  const { logs } = config;
  if (logs.store === "external") {
    const { url, user, password, retentionDays } = logs;
    return { store: logs.provider, url, user, password, retentionDays };
  }
  if (logs.store === "none" || search === undefined) return { store: "none" };
  const { url, password } = search;
  return { store: "opensearch", url, user: searchUser, password, retentionDays: logs.retentionDays };
}
