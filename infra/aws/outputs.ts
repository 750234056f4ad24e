import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProgramConfig } from "../config/index.ts";
import type { GeneratedSecrets } from "../generated-secrets.ts";
import { server } from "../nango/services.ts";
import type { Database } from "./data/database.ts";
import type { LoadBalancer } from "./entry/load-balancer.ts";
import type { StoredSecret } from "./data/stored-secret.ts";
import type { Service } from "./service/service.ts";

/** What a deployment made, as far as its user has to know it. */
interface Made {
  readonly loadBalancer: LoadBalancer;
  readonly secrets: GeneratedSecrets;
  readonly secret: StoredSecret;
  readonly database: Database | undefined;
  readonly cluster: aws.ecs.Cluster;
  readonly service: Service;
  readonly logGroup: aws.cloudwatch.LogGroup;
}

type Text = pulumi.Output<string> | string | undefined;

/** The outputs of a stack. */
export interface StackOutputs {
  /** The origin of the API and the dashboard. */
  readonly url: Text;
  /** The redirect URI to register with OAuth providers. */
  readonly callbackUrl: Text;
  /** The origin of Connect UI, with HTTPS. */
  readonly connectUrl: Text;
  /** The dashboard's user, with basic authentication. */
  readonly dashboardUser?: Text;
  /** The dashboard's password, with basic authentication. Secret. */
  readonly dashboardPassword?: Text;
  /** The API key of the environment `prod`, with basic authentication. Secret. */
  readonly apiKeyProd?: Text;
  /** The API key of the environment `dev`, with basic authentication. Secret. */
  readonly apiKeyDev?: Text;
  /** `host:port` of the main database. */
  readonly databaseEndpoint: Text;
  /** Which encryption key is in use, without telling it. */
  readonly encryptionKeyFingerprint: Text;
  /** The ARN of the secret that holds everything the containers are given. */
  readonly secretArn: Text;
  /** The ARN of the task definition that runs. */
  readonly taskDefinition: Text;
  /** Where to point the domains when their DNS is not in Route 53. */
  readonly dnsRecords: Text;
  /** Commands to copy. */
  readonly commands: Readonly<Record<string, Text>>;
}

export function outputs(config: ProgramConfig, made: Made): StackOutputs {
  const { loadBalancer, secrets } = made;
  const { https } = config.access;
  return withoutAbsent({
    url: loadBalancer.url,
    // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/utils/utils.ts#L166-L174
    callbackUrl: pulumi.interpolate`${loadBalancer.url}/oauth/callback`,
    connectUrl: loadBalancer.connectUrl,
    ...(config.dashboard.auth === "basic" && {
      dashboardUser: config.dashboard.user,
      dashboardPassword: secrets.dashboardPassword,
      apiKeyProd: secrets.apiKeys.prod,
      apiKeyDev: secrets.apiKeys.dev,
    }),
    databaseEndpoint:
      made.database?.endpoint ?? (config.database.kind === "external" ? config.database.host : undefined),
    encryptionKeyFingerprint: secrets.encryptionKeyFingerprint,
    secretArn: made.secret.arn,
    taskDefinition: made.service.runningTaskDefinition,
    dnsRecords:
      https !== undefined && https.hostedZone === undefined
        ? pulumi.interpolate`${https.domain} CNAME ${loadBalancer.dnsName}; ${https.connectDomain} CNAME ${loadBalancer.dnsName}`
        : undefined,
    commands: withoutAbsent(commands(config, made)),
  });
}

/** Pulumi warns of an output that is undefined. */
function withoutAbsent<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

function commands(config: ProgramConfig, made: Made): Record<string, Text> {
  const { region } = config;
  const tasks = pulumi.interpolate`aws ecs list-tasks --region ${region} --cluster ${made.cluster.name} --service-name ${made.service.serviceName}`;
  const shell = pulumi.interpolate`aws ecs execute-command --region ${region} --cluster ${made.cluster.name} --task $(${tasks} --query 'taskArns[0]' --output text) --container ${server.name} --interactive --command /bin/bash`;
  return {
    tailLogs: pulumi.interpolate`aws logs tail --region ${region} --follow ${made.logGroup.name}`,
    openShell: config.service.executeCommand
      ? shell
      : pulumi.interpolate`npx pulumi config set -s ${config.stack} nango:executeCommand true && npx pulumi up -s ${config.stack} && ${shell}`,
    readPassword:
      config.dashboard.auth === "basic"
        ? `npx pulumi stack output dashboardPassword --show-secrets -s ${config.stack}`
        : undefined,
    readSecrets: pulumi.interpolate`aws secretsmanager get-secret-value --region ${region} --secret-id ${made.secret.arn} --query SecretString --output text`,
  };
}
