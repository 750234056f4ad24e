import * as awsProvider from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsCommand } from "../config/aws-command.ts";
import type { ProgramConfig } from "../config/index.ts";
import type { GeneratedSecrets } from "../generated-secrets.ts";
import { server } from "../nango/services.ts";
import { dashboardOutputs, type StackOutputs, withoutAbsent } from "../outputs.ts";
import type { DataServices } from "./data/data-services.ts";
import type { LoadBalancer } from "./entry/load-balancer.ts";
import type { StoredSecret } from "./data/stored-secret.ts";
import type { Network } from "./network/network.ts";
import type { TaskSecurityGroup } from "./network/task-security-group.ts";
import { logStreamPrefix } from "./service/log-streams.ts";
import type { Service } from "./service/service.ts";

/** What a deployment made, as far as its user has to know it. */
interface Made {
  readonly network: Network;
  readonly loadBalancer: LoadBalancer;
  readonly secrets: GeneratedSecrets;
  readonly secret: StoredSecret;
  readonly data: DataServices;
  readonly cluster: awsProvider.ecs.Cluster;
  readonly service: Service;
  readonly securityGroup: TaskSecurityGroup;
  readonly logGroup: awsProvider.cloudwatch.LogGroup;
}

/** The outputs of a stack on AWS. */
export function outputs(config: ProgramConfig, made: Made): StackOutputs<"aws"> {
  const { loadBalancer, network, secrets } = made;
  const { https } = config.access;
  return withoutAbsent({
    url: loadBalancer.url,
    // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/utils/utils.ts#L166-L174
    callbackUrl: pulumi.interpolate`${loadBalancer.url}/oauth/callback`,
    connectUrl: loadBalancer.connectUrl,
    dnsRecords:
      https !== undefined && https.hostedZone === undefined
        ? pulumi.interpolate`${https.domain} CNAME ${loadBalancer.dnsName}; ${https.connectDomain} CNAME ${loadBalancer.dnsName}`
        : undefined,
    ...(config.dashboard.auth === "basic" && dashboardOutputs(config.dashboard.user, secrets, config.stack)),
    encryptionKeyFingerprint: secrets.encryptionKeyFingerprint,
    databaseEndpoint: made.data.databaseEndpoint,
    outboundAddresses:
      network.outboundAddresses.length === 0
        ? undefined
        : pulumi.all([...network.outboundAddresses]).apply((addresses) => addresses.join(", ")),
    loadBalancerName: loadBalancer.physicalName,
    loadBalancerDnsName: loadBalancer.dnsName,
    taskSecurityGroupId: made.securityGroup.id,
    secretArn: made.secret.arn,
    taskDefinition: made.service.runningTaskDefinition,
    ...commands(config, made),
  });
}

function commands({ region, stack, service }: ProgramConfig, made: Made) {
  const aws = (...words: readonly pulumi.Input<string>[]) =>
    pulumi.all([...words]).apply((all) => awsCommand(all, { region, profile: awsProvider.config.profile }));
  const inCluster = ["--cluster", made.cluster.name] as const;
  const tasks = aws(
    "ecs",
    "list-tasks",
    ...inCluster,
    "--service-name",
    made.service.serviceName,
    "--query",
    "taskArns[0]",
    "--output",
    "text",
  );
  const shell = pulumi.interpolate`${aws("ecs", "execute-command", ...inCluster)} --task $(${tasks}) --container ${server.name} --interactive --command /bin/bash`;
  const ofMigrations = ["--since", "1d", "--log-stream-name-prefix", `${logStreamPrefix}/migrate`];
  const ofService = [...inCluster, "--service", made.service.serviceName];
  const briefly = [
    "--query",
    "service.deployments[].[status,rolloutState,taskDefinition]",
    "--output",
    "text",
  ];
  const secret = ["--secret-id", made.secret.arn, "--query", "SecretString", "--output", "text"];
  return {
    tailLogs: aws("logs", "tail", "--follow", made.logGroup.name),
    readMigrationLogs: aws("logs", "tail", ...ofMigrations, made.logGroup.name),
    openShell: service.executeCommand
      ? shell
      : pulumi.interpolate`npx pulumi config set -s ${stack} nango:executeCommand true && npm run up -- ${stack} && ${shell}`,
    restart: aws("ecs", "update-service", ...ofService, "--force-new-deployment", ...briefly),
    readSecrets: aws("secretsmanager", "get-secret-value", ...secret),
  };
}
