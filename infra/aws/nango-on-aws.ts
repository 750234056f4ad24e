import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProgramConfig } from "../config/index.ts";
import { GeneratedSecrets } from "../generated-secrets.ts";
import { type Environment, serverEnvironment } from "../nango/environment.ts";
import { certificatesFile } from "../nango/task-script.ts";
import type { StackOutputs } from "../outputs.ts";
import type { TaskContext } from "./service/containers.ts";
import { createDataServices, type DataServices } from "./data/data-services.ts";
import type { Database } from "./data/database.ts";
import { taskImage } from "./image/image.ts";
import { LoadBalancer } from "./entry/load-balancer.ts";
import { monitor, watchedStack } from "./monitoring/monitor.ts";
import type { Monitoring } from "./monitoring/monitoring.ts";
import { Migration } from "./deploying/migration.ts";
import { Network } from "./network/network.ts";
import { outputs } from "./outputs.ts";
import type { Place } from "./place.ts";
import { StoredSecret } from "./data/stored-secret.ts";
import { OfficeHours } from "./service/office-hours.ts";
import { Service } from "./service/service.ts";
import { ensureServiceLinkedRole } from "./deploying/service-linked-role.ts";
import { Tunnel } from "./service/tunnel.ts";
import { TaskRoles } from "./service/task-roles.ts";
import { TaskSecurityGroup } from "./network/task-security-group.ts";

/** What is there before anything runs. */
interface Foundations {
  /** The stack's name in physical names. */
  readonly stack: string;
  readonly network: Network;
  readonly loadBalancer: LoadBalancer;
  readonly data: DataServices;
  readonly environment: Environment<pulumi.Output<string>>;
  readonly secret: StoredSecret;
  readonly monitoring: Monitoring | undefined;
}

/** Nango's free edition in an AWS account. */
export class NangoOnAws extends pulumi.ComponentResource {
  /** What the stack tells its user. */
  readonly outputs: StackOutputs<"aws">;
  readonly network: Network;
  readonly loadBalancer: LoadBalancer;
  /** What keeps data, as far as the stack makes it. */
  readonly data: DataServices;
  readonly cluster: aws.ecs.Cluster;
  readonly service: Service;
  /** The role of Nango itself, which may do next to nothing. */
  readonly roles: TaskRoles;
  /** Undefined where nobody is told. */
  readonly monitoring: Monitoring | undefined;

  constructor(name: string, config: ProgramConfig, place: Place, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Nango", name, {}, opts);
    const parent = { parent: this };
    const { protect, region } = config;

    const network = new Network(
      `${name}-network`,
      { network: config.network, region, place, protect },
      parent,
    );
    const secrets = new GeneratedSecrets(
      name,
      { given: config.secrets, rotations: config.rotations, protect },
      parent,
    );
    const data = createDataServices(config, {
      prefix: name,
      network,
      stack: place.stack,
      encryptionKeyFingerprint: secrets.encryptionKeyFingerprint,
      parent,
    });
    const loadBalancer = new LoadBalancer(
      name,
      {
        access: config.access,
        vpcId: network.vpcId,
        subnetIds: network.loadBalancerSubnetIds,
        internet: network.internet,
      },
      parent,
    );

    const environment = nangoEnvironment(config, { loadBalancer, secrets, data });
    const secret = new StoredSecret(
      name,
      {
        values: environment.secret,
        encryptionKeyFingerprint: secrets.encryptionKeyFingerprint,
        allowEncryptionKeyChange: config.allowEncryptionKeyChange,
        protect,
        acceptedBy: Object.values(databasesOf(data)),
      },
      parent,
    );
    const monitoring = monitor(`${name}-monitoring`, config, { place, loadBalancer }, parent);
    const running = this.run(name, config, {
      stack: place.stack,
      network,
      loadBalancer,
      data,
      environment,
      secret,
      monitoring,
    });
    monitoring?.watch(watchedStack(config, { loadBalancer, data, account: place.account, ...running }));
    loadBalancer.pointNames(
      name,
      running.service.runningTaskDefinition.apply(() => running.service),
    );

    this.network = network;
    this.loadBalancer = loadBalancer;
    this.data = data;
    this.cluster = running.cluster;
    this.service = running.service;
    this.roles = running.roles;
    this.monitoring = monitoring;
    this.outputs = outputs(config, {
      network,
      loadBalancer,
      secrets,
      secret,
      data,
      ...running,
    });
    this.registerOutputs({ url: loadBalancer.url });
  }

  /** What runs Nango: the cluster, the migration before each new version, and the service. */
  private run(name: string, config: ProgramConfig, made: Foundations) {
    const parent = { parent: this };
    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: config.service.logRetentionDays },
      parent,
    );
    // In an account's first cluster, ECS may not see its role yet when it is asked for Fargate the moment after.
    // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/818
    const cluster = new aws.ecs.Cluster(
      name,
      { tags: { Name: name } },
      { ...parent, hooks: { beforeCreate: [ensureServiceLinkedRole(name, "ecs")] } },
    );
    const capacity = new aws.ecs.ClusterCapacityProviders(
      name,
      { clusterName: cluster.name, capacityProviders: ["FARGATE", "FARGATE_SPOT"] },
      parent,
    );
    const securityGroup = new TaskSecurityGroup(
      `${name}-tasks`,
      {
        vpcId: made.network.vpcId,
        loadBalancer: made.loadBalancer,
        dataServices: made.data.made,
      },
      parent,
    );

    const image = taskImage(`${name}-image`, { ...config, stack: made.stack }, parent);
    const task: TaskContext = {
      stack: made.stack,
      image: image.reference,
      environment: made.environment,
      secret: made.secret,
      certificates: config.databaseCertificates,
      logGroup,
      region: config.region,
    };
    const roles = new TaskRoles(
      name,
      {
        secret: made.secret,
        logGroup,
        image,
        executeCommand: config.service.executeCommand,
        permissionsBoundaryArn: config.service.permissionsBoundaryArn,
      },
      parent,
    );
    const place = { task, roles, cluster, network: made.network, securityGroupId: securityGroup.id };
    const migration = new Migration(
      `${name}-migrate`,
      {
        ...place,
        image,
        timeoutMinutes: config.service.migrationTimeoutMinutes,
        clearLock: config.service.clearMigrationLock,
        stopped: config.service.stopped,
        scheduledDatabases:
          config.service.schedule === undefined
            ? []
            : Object.values(databasesOf(made.data)).map(({ identifier }) => identifier),
        requirements: [capacity, securityGroup, made.network],
      },
      parent,
    );
    new Tunnel(`${name}-tunnel`, { task, roles }, parent);
    const service = new Service(
      name,
      {
        ...place,
        region: config.region,
        service: config.service,
        loadBalancer: made.loadBalancer,
        migration,
        deploymentAlarms: made.monitoring?.deploymentAlarms,
      },
      parent,
    );
    this.keepOfficeHours(name, config, { cluster, service, databases: databasesOf(made.data) });
    return { cluster, service, roles, securityGroup, logGroup };
  }

  /** Stops the tasks and the databases outside the hours of the schedule, where there is one. */
  private keepOfficeHours(
    name: string,
    { service: { schedule, replicas, permissionsBoundaryArn }, region }: ProgramConfig,
    made: { cluster: aws.ecs.Cluster; service: Service; databases: Readonly<Record<string, Database>> },
  ): void {
    if (schedule === undefined) return;
    new OfficeHours(
      `${name}-office-hours`,
      { schedule, region, replicas, permissionsBoundaryArn, ...made },
      { parent: this },
    );
  }
}

/** The databases that the stack makes, by what they are for. */
function databasesOf({ database, records }: DataServices): Readonly<Record<string, Database>> {
  return { ...(database && { database }), ...(records && { records }) };
}

/** The environment of Nango's server in this deployment. */
function nangoEnvironment(
  config: ProgramConfig,
  made: { loadBalancer: LoadBalancer; secrets: GeneratedSecrets; data: DataServices },
): Environment<pulumi.Output<string>> {
  const { secrets } = made;
  return serverEnvironment({
    ...made.data.endpoints,
    serverUrl: made.loadBalancer.url,
    connectUrl: made.loadBalancer.connectUrl,
    websocketsPath: config.service.websocketsPath,
    certificatesFile: config.databaseCertificates === undefined ? undefined : certificatesFile,
    pools: config.pools,
    apiRateLimitPerMinute: config.apiRateLimitPerMinute,
    encryptionKey: secrets.encryptionKey,
    adminKey: secrets.adminKey,
    dashboard:
      config.dashboard.auth === "basic"
        ? { ...config.dashboard, password: secrets.dashboardPassword, apiKeys: secrets.apiKeys }
        : config.dashboard,
    email: config.email,
    allowPrivateAddresses: config.access.allowPrivateAddresses,
    extra: config.environment,
  });
}
