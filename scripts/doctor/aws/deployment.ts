import { nameOf, titleOfUrn } from "../../../project/urns.ts";
import type { AwsClients } from "../../aws/clients.ts";
import type { AskForPlan } from "../../aws/free-plan.ts";
import { type CountedResource, quotaServices } from "../../aws/quotas.ts";
import type { StackState, StateResource } from "../../pulumi/state.ts";

/** The services that are asked. */
export const services = ["ecs", "kms", "sns", ...quotaServices] as const;
export type Clients = Pick<AwsClients, (typeof services)[number]>;

/** What a stack made on AWS, as far as its checks ask for it. */
export interface Deployment {
  readonly stack: string;
  readonly region: string;
  /** In which the stack is. */
  readonly account: string;
  readonly clients: Clients;
  readonly askForPlan: AskForPlan;
  /** All that it made. */
  readonly resources: readonly CountedResource[];
  /** Undefined when it is not there yet. */
  readonly service:
    | { readonly cluster: string; readonly name: string; readonly taskDefinition: string }
    | undefined;
  readonly targetGroups: readonly { readonly name: string; readonly arn: string }[];
  /** The identifiers of the databases that the stack made. */
  readonly databases: readonly string[];
  readonly logGroup: string | undefined;
  /** The names of the alarms that the stack made. */
  readonly alarms: readonly string[];
  /** The ARN of the topic that the stack made for alarms. */
  readonly alarmTopic: string | undefined;
  /** Whether the dashboard's logs are kept in a store. */
  readonly hasLogsStore: boolean;
  /** What holds data and is not protected, as `rds.Instance nango-database`. */
  readonly unprotected: readonly string[];
  /** `nango:stopped` */
  readonly stopped: boolean;
  /** Whether it is outside the hours of `nango:schedule`. */
  readonly isClosed: boolean;
  /** `nango:allowDataLoss` */
  readonly allowDataLoss: boolean;
}

/** What holds data that nobody can make anew. */
const precious = [
  "aws:rds/instance:Instance",
  "aws:opensearch/domain:Domain",
  "aws:secretsmanager/secret:Secret",
];

/** What the state of a stack tells of it. */
export function madeOnAws({
  resources,
}: StackState): Pick<
  Deployment,
  "account" | "service" | "targetGroups" | "databases" | "logGroup" | "alarms" | "alarmTopic" | "unprotected"
> {
  const ofType = (type: string) =>
    resources.filter((resource) => resource.type === type && /^nango(-|$)/.test(nameOf(resource.urn)));
  const main = (type: string) => ofType(type).find(({ urn }) => nameOf(urn) === "nango");
  const cluster = main("aws:ecs/cluster:Cluster");
  const service = main("aws:ecs/service:Service");
  return {
    account: cluster === undefined ? "" : (output(cluster, "arn").split(":")[4] ?? ""),
    service:
      cluster === undefined || service === undefined
        ? undefined
        : {
            cluster: output(cluster, "name"),
            name: output(service, "name"),
            taskDefinition: String(service.inputs?.["taskDefinition"]),
          },
    targetGroups: ofType("aws:lb/targetGroup:TargetGroup").map((group) => ({
      name: nameOf(group.urn),
      arn: output(group, "arn"),
    })),
    databases: ofType("aws:rds/instance:Instance").map((database) => output(database, "identifier")),
    logGroup: named(main("aws:cloudwatch/logGroup:LogGroup")),
    alarms: [
      ...ofType("aws:cloudwatch/compositeAlarm:CompositeAlarm").map((alarm) => output(alarm, "alarmName")),
      ...ofType("aws:cloudwatch/metricAlarm:MetricAlarm").map((alarm) => output(alarm, "name")),
    ],
    alarmTopic: ofType("aws:sns/topic:Topic").map((topic) => output(topic, "arn"))[0],
    unprotected: precious
      .flatMap(ofType)
      .filter(({ protect }) => protect !== true)
      .map(({ urn }) => titleOfUrn(urn)),
  };
}

function output({ outputs }: StateResource, name: string): string {
  return String(outputs?.[name]);
}

function named(resource: StateResource | undefined): string | undefined {
  return resource === undefined ? undefined : output(resource, "name");
}
