import { UNKNOWN } from "../../project/values.ts";
import type { Policy, Resource, ResourcePolicy, StackPolicy, VerdictOn } from "../policy.ts";
import { onContainers } from "../processes.ts";
import { input, ofType, required, texts, violation } from "../reading.ts";

const logGroup = "aws:cloudwatch/logGroup:LogGroup";

const logRetention: ResourcePolicy = {
  name: "log-retention",
  level: "mandatory",
  promise: "Logs are kept for a time that was chosen, and no container is without them.",
  reason:
    "A log group without a retention keeps everything for ever: it costs more each month, and personal data never goes.",
  remedy:
    "Set retentionInDays, and make the log group in the program instead of leaving it to the container.",
  link: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html#SettingLogRetention",
  judge: (resource) => {
    if (resource.type === logGroup)
      return required(
        resource,
        "retentionInDays",
        (days) => Number(days ?? 0) >= 1,
        "keeps its logs for ever: retentionInDays is not set",
      );
    return onContainers(resource, ({ hasLogs, logOptions }) => [
      ...(hasLogs ? [] : ["writes no logs: it has no logConfiguration"]),
      ...(logOptions["awslogs-create-group"] === "true"
        ? ["makes its own log group, which keeps logs for ever"]
        : []),
    ]);
  },
};

const physicalName = ({ inputs, outputs }: Resource, property: string) =>
  String(inputs[property] ?? outputs[property] ?? UNKNOWN);

const exported = (kind: string, property: string) => (one: Resource) =>
  texts(input(one, "enabledCloudwatchLogsExports")).map(
    (log) => `/aws/rds/${kind}/${physicalName(one, property)}/${log}`,
  );

/**
 * The log groups that AWS makes for a resource, unless they are there.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
 */
const madeByAws: Readonly<Record<string, (resource: Resource) => string[]>> = {
  "aws:rds/instance:Instance": exported("instance", "identifier"),
  "aws:rds/cluster:Cluster": exported("cluster", "clusterIdentifier"),
  "aws:lambda/function:Function": (one) =>
    input(one, "loggingConfig.logGroup") === undefined ? [`/aws/lambda/${physicalName(one, "name")}`] : [],
};

const knownLogGroups: StackPolicy = {
  name: "known-log-groups",
  level: "mandatory",
  promise: "Databases and functions write their logs to log groups that the stack makes.",
  reason:
    "Where there is none, AWS makes one that keeps everything for ever, and that stays when the stack goes.",
  remedy:
    "Make the log group that is named there in the program, with retentionInDays, before what writes to it.",
  link: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html#SettingLogRetention",
  judgeStack: (stack) => {
    const groups = ofType(stack, logGroup);
    return stack.resources.flatMap((resource): VerdictOn[] => {
      const needed = madeByAws[resource.type]?.(resource) ?? [];
      // Before a deployment a group is known by whose name is in its own.
      const ofThis = groups.filter(({ propertyDependencies }) =>
        propertyDependencies["name"]?.includes(resource.urn),
      );
      const missing = needed.filter((name) => !groups.some((group) => physicalName(group, "name") === name));
      if (missing.length <= ofThis.filter(({ inputs }) => inputs["name"] === UNKNOWN).length) return [];
      if (missing.some((name) => name.includes(UNKNOWN))) return [{ resource, unknown: "name" }];
      return [{ resource, violates: `has AWS make its log group: ${missing.join(", ")}` }];
    });
  },
};

/** What a bill has a line for and takes tags. */
const billed: readonly string[] = [
  "aws:ec2/vpc:Vpc",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/eip:Eip",
  "aws:ec2/instance:Instance",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:opensearch/domain:Domain",
  "aws:rds/instance:Instance",
  "aws:rds/cluster:Cluster",
  "aws:secretsmanager/secret:Secret",
];

const tagged: ResourcePolicy = {
  name: "tagged",
  level: "advisory",
  promise: "What is paid for carries a tag that says what it belongs to.",
  reason: "A bill shows resources by their tags only, and one without is nobody's.",
  remedy: "Set aws:defaultTags in the stack file, which reaches everything, or tags on the resource.",
  link: "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html",
  judge: ({ type, inputs }) => {
    const { tags, tagsAll } = inputs;
    const isTagged = [tags, tagsAll].some(
      (value) =>
        value === UNKNOWN || (typeof value === "object" && value !== null && Object.keys(value).length > 0),
    );
    return billed.includes(type) && !isTagged ? [violation("has no tag")] : [];
  },
};

export const operation: readonly Policy[] = [logRetention, knownLogGroups, tagged];
