import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SearchConfig } from "../../config/stack-config.ts";
import { generatedPassword } from "../../generated-password.ts";
import { searchDomainName } from "./search-domain-name.ts";
import { ensureServiceLinkedRole } from "../deploying/service-linked-role.ts";
import { closedSecurityGroup } from "../network/security-group.ts";

type ClusterConfig = aws.types.input.opensearch.DomainClusterConfig;

export interface SearchArgs {
  /** Plain, since it decides which resources there are. */
  readonly domain: SearchConfig;
  /** Another number than before makes another password. */
  readonly passwordGeneration: number;
  readonly region: string;
  /** The stack's name in physical names. */
  readonly stack: string;
  readonly vpcId: pulumi.Input<string>;
  /** Subnets in as many zones as the domain spreads over, or more: each in another one. */
  readonly subnetIds: pulumi.Input<string[]>;
  /** Whether Pulumi refuses to delete the domain. */
  readonly protect: boolean;
  /** How long CloudWatch keeps the domain's logs, in days. */
  readonly logRetentionDays: number;
}

/** The one user of the domain. */
export const searchUser = "nango";
/** The port of the domain. */
export const searchPort = 443;

/** An OpenSearch domain inside the VPC for the logs that Nango's dashboard shows. */
export class Search extends pulumi.ComponentResource {
  /** `https://` and the domain's host. */
  readonly url: pulumi.Output<string>;
  /** The password of `searchUser`. Secret. */
  readonly password: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly domainName: pulumi.Output<string>;

  constructor(name: string, args: SearchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Search", name, {}, opts);
    const parent = { parent: this };
    const group = closedSecurityGroup(
      name,
      { vpcId: args.vpcId, description: `OpenSearch of ${name}` },
      { ...parent, protect: args.protect },
    );
    const suffix = new random.RandomId(name, { byteLength: 4 }, parent);
    const domainName = suffix.hex.apply((hex) => searchDomainName(`${name}-${args.stack}`, hex));
    // At least one of each kind of character, which the internal user database demands; none that a URL minds.
    const password = generatedPassword(
      `${name}-password`,
      {
        length: 32,
        minLower: 1,
        minUpper: 1,
        minNumeric: 1,
        minSpecial: 1,
        overrideSpecial: "-_.~",
        generation: args.passwordGeneration,
      },
      parent,
    );
    const logs = this.logPublishing(name, args);
    const domain = this.domain(name, args, {
      domainName,
      password: password.result,
      groupId: group.id,
      logs,
    });

    this.domainName = domain.domainName;
    this.url = pulumi.interpolate`https://${domain.endpoint}`;
    this.password = password.result;
    this.securityGroupId = group.id;
    this.registerOutputs({ url: this.url });
  }

  /** One log group for what the domain reports, and the permission for OpenSearch to write to it. */
  private logPublishing(name: string, args: SearchArgs) {
    const parent = { parent: this };
    const group = new aws.cloudwatch.LogGroup(name, { retentionInDays: args.logRetentionDays }, parent);
    // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
    const account = aws.getCallerIdentityOutput({}, parent).accountId;
    const policy = new aws.cloudwatch.LogResourcePolicy(
      name,
      {
        policyName: pulumi.interpolate`${group.name}-opensearch`,
        policyDocument: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "es.amazonaws.com" },
              Action: ["logs:PutLogEvents", "logs:CreateLogStream"],
              Resource: pulumi.interpolate`${group.arn}:*`,
              Condition: { StringEquals: { "aws:SourceAccount": account } },
            },
          ],
        }),
      },
      parent,
    );
    return { group, policy, account };
  }

  private domain(
    name: string,
    args: SearchArgs,
    made: {
      domainName: pulumi.Output<string>;
      password: pulumi.Output<string>;
      groupId: pulumi.Output<string>;
      logs: {
        group: aws.cloudwatch.LogGroup;
        policy: aws.cloudwatch.LogResourcePolicy;
        account: pulumi.Output<string>;
      };
    },
  ): aws.opensearch.Domain {
    const { instanceType, instanceCount, volumeGb, zones, masterType, autoTune } = args.domain;
    const partition = aws.getPartitionOutput({}, { parent: this }).partition;
    return new aws.opensearch.Domain(
      name,
      {
        domainName: made.domainName,
        engineVersion: "OpenSearch_2.19",
        clusterConfig: {
          instanceType,
          instanceCount,
          zoneAwarenessEnabled: zones > 1,
          ...(zones > 1
            ? ({ zoneAwarenessConfig: { availabilityZoneCount: zones } } satisfies ClusterConfig)
            : {}),
          ...(masterType === undefined
            ? {}
            : ({
                dedicatedMasterEnabled: true,
                dedicatedMasterCount: 3,
                dedicatedMasterType: masterType,
              } satisfies ClusterConfig)),
        },
        ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: volumeGb },
        vpcOptions: {
          subnetIds: pulumi.output(args.subnetIds).apply((ids) => ids.slice(0, zones)),
          securityGroupIds: [made.groupId],
        },
        domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
        nodeToNodeEncryption: { enabled: true },
        encryptAtRest: { enabled: true },
        // Nango signs no requests: it logs in as a user of the domain's own.
        // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/logs/lib/storage/client.ts#L14-L24
        advancedSecurityOptions: {
          enabled: true,
          internalUserDatabaseEnabled: true,
          masterUserOptions: { masterUserName: searchUser, masterUserPassword: made.password },
        },
        // Who comes through the security group still has to log in; only HTTP methods on this domain are allowed.
        accessPolicies: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: "*" },
              Action: "es:ESHttp*",
              Resource: pulumi.interpolate`arn:${partition}:es:${args.region}:${made.logs.account}:domain/${made.domainName}/*`,
            },
          ],
        }),
        autoTuneOptions: {
          desiredState: autoTune ? "ENABLED" : "DISABLED",
          rollbackOnDisable: "NO_ROLLBACK",
        },
        offPeakWindowOptions: { enabled: true },
        softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
        logPublishingOptions: ["INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS"].map(
          (logType) => ({
            logType,
            cloudwatchLogGroupArn: made.logs.group.arn,
          }),
        ),
        tags: { Name: name },
      },
      {
        parent: this,
        protect: args.protect,
        dependsOn: [made.logs.policy],
        hooks: { beforeCreate: [ensureServiceLinkedRole(name, "opensearch")] },
        customTimeouts: { create: "120m", update: "180m", delete: "120m" },
      },
    );
  }
}
