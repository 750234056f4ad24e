import type * as pulumi from "@pulumi/pulumi";
import type { ServiceConfig } from "../../config/stack-config.ts";
import type { EventDefinition } from "./alarm.ts";
import type { DashboardSection } from "./dashboard.ts";
import {
  cacheAlarms,
  certificateAlarm,
  searchAlarms,
  type WatchedCache,
  type WatchedSearch,
} from "./data-alarms.ts";
import { databaseAlarms, databaseEvents, type WatchedDatabase } from "./database-alarms.ts";
import { deploymentAlarm, servingAlarms, type WatchedEntry } from "./serving-alarms.ts";
import { type LogAlarm, logAlarms, taskAlarms, type WatchedService } from "./task-alarms.ts";

/** What a stack has that CloudWatch knows of. What was brought by its address is not among it. */
export interface WatchedStack {
  readonly config: ServiceConfig;
  readonly entry: WatchedEntry;
  readonly service: WatchedService;
  /** What is there once tasks have started. */
  readonly server: pulumi.Resource;
  /** What the ARNs of the services of the cluster begin with. */
  readonly servicesArn: pulumi.Input<string>;
  /** The log of the containers. */
  readonly logs: {
    readonly group: pulumi.Input<string>;
    /** Of the metrics that are counted out of it. */
    readonly namespace: pulumi.Input<string>;
    /** Whether the dashboard's logs are kept nowhere, so that they are in it. */
    readonly holdsOperations: boolean;
  };
  readonly databases: readonly WatchedDatabase[];
  readonly cache: WatchedCache | undefined;
  readonly search: WatchedSearch | undefined;
  /** The ARN of the certificate, with HTTPS. */
  readonly certificate: pulumi.Input<string> | undefined;
}

/** Every alarm that the log makes possible. */
export function logAlarmsOf({ logs, config }: WatchedStack): LogAlarm[] {
  return logAlarms(logs.namespace, config, logs.holdsOperations);
}

/** Every alarm that the stack makes possible, as the dashboard shows them; of those of the log the given ones. */
export function sectionsOf(
  { config, entry, service, databases, cache, search, certificate }: WatchedStack,
  counted: readonly LogAlarm[],
): DashboardSection[] {
  return [
    { heading: "Serving", alarms: [...servingAlarms(entry, config), deploymentAlarm(entry)] },
    { heading: "Tasks", alarms: [...taskAlarms(service, config), ...counted.map(({ alarm }) => alarm)] },
    { heading: "Databases", alarms: databases.flatMap(databaseAlarms) },
    { heading: "Valkey", alarms: cache === undefined ? [] : cacheAlarms(cache) },
    { heading: "OpenSearch", alarms: search === undefined ? [] : searchAlarms(search) },
    { heading: "Certificate", alarms: certificate === undefined ? [] : [certificateAlarm(certificate)] },
  ];
}

/** Every event that is told. */
export function eventsOf({ servicesArn, databases }: WatchedStack): EventDefinition[] {
  return [
    {
      title: "Deployment failed",
      says: "a deployment failed, and ECS went back to the version before it, if there was one",
      // A deployment that is rolled back fails first. By the cluster, since a first deployment may fail before the service
      // is known to be there.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        resources: [{ prefix: servicesArn }],
        detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      },
      shows: "$.detail.reason",
    },
    ...databases.flatMap(databaseEvents),
  ];
}
