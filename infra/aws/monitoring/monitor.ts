import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProgramConfig } from "../../config/index.ts";
import type { RdsConfig } from "../../config/stack-config.ts";
import type { Database } from "../data/database.ts";
import type { DataServices } from "../data/data-services.ts";
import type { LoadBalancer } from "../entry/load-balancer.ts";
import type { Place } from "../place.ts";
import type { Service } from "../service/service.ts";
import type { WatchedDatabase } from "./database-alarms.ts";
import { Monitoring } from "./monitoring.ts";
import type { WatchedEntry } from "./serving-alarms.ts";
import type { WatchedStack } from "./watched.ts";

/** Begins to monitor a stack; undefined where nobody is told. */
export function monitor(
  name: string,
  config: ProgramConfig,
  { place, loadBalancer }: { readonly place: Place; readonly loadBalancer: LoadBalancer },
  opts: pulumi.ComponentResourceOptions,
): Monitoring | undefined {
  const { monitoring, service, region } = config;
  if (monitoring === undefined) return undefined;
  const { stack, account } = place;
  return new Monitoring(
    name,
    { monitoring, service, entry: entryOf(loadBalancer), stack, account, region },
    opts,
  );
}

function entryOf({ arnSuffix, targets }: LoadBalancer): WatchedEntry {
  return {
    balancer: arnSuffix,
    targets: targets.map(({ service, group }) => ({ service: service.name, group: group.arnSuffix })),
  };
}

/** What a deployment made, as far as CloudWatch knows of it. */
interface Made {
  readonly account: string;
  readonly loadBalancer: LoadBalancer;
  readonly data: DataServices;
  readonly cluster: aws.ecs.Cluster;
  readonly service: Service;
  readonly logGroup: aws.cloudwatch.LogGroup;
}

/** What there is to watch in a stack: what it made, not what it was brought. */
export function watchedStack(config: ProgramConfig, made: Made): WatchedStack {
  const { loadBalancer, data, cluster, logGroup } = made;
  const { redis, logs } = config;
  return {
    config: config.service,
    entry: entryOf(loadBalancer),
    service: { cluster: cluster.name, service: made.service.serviceName },
    server: made.service,
    servicesArn: cluster.arn.apply((arn) => `${arn.replace(":cluster/", ":service/")}/`),
    logs: {
      group: logGroup.name,
      namespace: pulumi.interpolate`Nango/${logGroup.name}`,
      holdsOperations: logs.store === "none",
    },
    databases: [
      ...watchedDatabase(undefined, data.database, config.database),
      ...watchedDatabase("records", data.records, config.recordsDatabase),
    ],
    cache:
      data.cache === undefined || redis.kind !== "elasticache"
        ? undefined
        : { nodes: data.cache.nodes, nodeType: redis.nodeType },
    search:
      data.search === undefined || logs.store !== "domain"
        ? undefined
        : { domainName: data.search.domainName, clientId: made.account, domain: logs.domain },
    certificate: loadBalancer.certificateArn,
  };
}

function watchedDatabase(
  of: string | undefined,
  database: Database | undefined,
  config: RdsConfig | { readonly kind: "external" } | undefined,
): WatchedDatabase[] {
  if (database === undefined || config?.kind !== "rds") return [];
  const { identifier, arn } = database;
  return [{ ...(of === undefined ? {} : { of }), identifier, arn, instance: config }];
}
