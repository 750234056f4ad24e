import { connectionsOfDeployment, freeConnections } from "../../infra/nango/connection-budget.ts";
import { defaultMaxConnections } from "../../infra/config/rules/instance-class.ts";
import { poolsIn, shared } from "../../infra/nango/server-environment.ts";
import { isRecord, json, UNKNOWN } from "../../project/values.ts";
import type { Policy, Resource, Stack, StackPolicy, VerdictOn } from "../policy.ts";
import { containersOf, type Process } from "../processes.ts";
import { input, namedBy, ofType, records } from "../reading.ts";

/** A service with the servers of Nango that each of its tasks runs. */
interface Service {
  readonly resource: Resource;
  /** The most tasks that there may be. */
  readonly replicas: number;
  /** How many tasks there may be while it is deployed, by its own limit. */
  readonly whileDeployed: number;
  /** Undefined where they are not known. */
  readonly servers: readonly Process[] | undefined;
}

/** To how many tasks something may bring a service. */
const ceilings: Readonly<Record<string, (resource: Resource) => unknown>> = {
  "aws:appautoscaling/target:Target": (one) => input(one, "maxCapacity"),
  "aws:appautoscaling/scheduledAction:ScheduledAction": (one) =>
    input(one, "scalableTargetAction.maxCapacity"),
  // What a schedule hands to ecs:UpdateService.
  "aws:scheduler/schedule:Schedule": (one) => {
    const handed = json(input(one, "target.input"));
    return isRecord(handed) ? handed["DesiredCount"] : undefined;
  },
};

function servicesOf(stack: Stack): Service[] {
  // They name their service by a path that holds the name, which nothing but a deployment knows.
  const most = stack.resources.map((one) => Number(ceilings[one.type]?.(one) ?? 0)).filter(Number.isFinite);
  return ofType(stack, "aws:ecs/service:Service").map((resource) => {
    const definitions = namedBy(stack, resource, "taskDefinition", "aws:ecs/taskDefinition:TaskDefinition");
    const lists = definitions?.map(containersOf);
    const { desiredCount = 1, deploymentMaximumPercent = 200 } = resource.inputs;
    const replicas = Math.max(...[Number(desiredCount), ...most].filter(Number.isFinite));
    return {
      resource,
      replicas,
      // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
      whileDeployed: Math.floor((replicas * Number(deploymentMaximumPercent)) / 100),
      servers:
        lists === undefined || lists.includes(undefined)
          ? undefined
          : lists.flatMap((list) => list ?? []).filter(({ isServer }) => isServer),
    };
  });
}

const redisForReplicas: StackPolicy = {
  name: "redis-for-replicas",
  level: "mandatory",
  promise: "Where more than one task may run, the tasks share a Redis.",
  reason: "OAuth in a browser hangs when its socket is on one task and its callback on the other.",
  remedy: "Leave nango:redis to the preset, or keep nango:maxReplicas at 1.",
  link: "https://nango.dev/docs/guides/platform/free-self-hosting/configuration",
  judgeStack: (stack) => {
    const services = servicesOf(stack).filter(({ servers }) => servers === undefined || servers.length > 0);
    const tasks = services.reduce((sum, { replicas }) => sum + replicas, 0);
    return services.flatMap(({ resource, servers }): VerdictOn[] => {
      if (tasks <= 1) return [];
      if (servers === undefined) return [{ resource, unknown: "taskDefinition" }];
      return servers
        .filter(({ variables }) => !(shared.redis in variables))
        .map(({ title }) => ({ resource, violates: `may run ${tasks} tasks, and ${title}has no Redis` }));
    });
  },
};

/** The texts that stores of secrets hold, by the variable that has each. */
function storedIn(stack: Stack): Record<string, unknown> | undefined {
  const stored = ofType(stack, "aws:secretsmanager/secretVersion:SecretVersion").map(
    ({ inputs }) => inputs["secretString"],
  );
  return stored.includes(UNKNOWN)
    ? undefined
    : (Object.assign({}, ...stored.map(json)) as Record<string, unknown>);
}

const hostIn = (url: unknown) =>
  typeof url === "string" && URL.canParse(url) ? new URL(url).hostname : undefined;

/** How many connections of a database, by its host, one task takes with the servers that it runs. */
function takenOf(address: unknown, servers: readonly Process[], stored: Record<string, unknown>): number {
  const counts = servers.map(({ variables }) => {
    const given = Object.fromEntries(
      Object.entries(variables).map(([name, text]) => [name, text === UNKNOWN ? stored[name] : text]),
    );
    const { main, records, tasks, fleet } = poolsIn(given);
    const host = hostIn(given[shared.database]);
    const isAt = (one: string | undefined) => one !== undefined && one === address;
    return (
      (isAt(host) ? main + tasks + fleet : 0) + (isAt(hostIn(given[shared.records]) ?? host) ? records : 0)
    );
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

const connectionBudget: StackPolicy = {
  name: "connection-budget",
  level: "mandatory",
  promise:
    "The pools of all tasks, twice over in a rolling deployment, leave a fifth of the database's connections free.",
  reason: "A database without a free connection turns away the new tasks, and whoever would look why.",
  remedy:
    "Choose a larger nango:databaseInstanceClass, fewer nango:maxReplicas or a smaller nango:databasePoolMax.",
  link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections",
  judgeStack: (stack) => {
    const stored = storedIn(stack);
    const services = servicesOf(stack);
    return ofType(stack, "aws:rds/instance:Instance").flatMap((resource): VerdictOn[] => {
      const limit = maxConnections(stack, resource);
      if (stored === undefined || services.some(({ servers }) => servers === undefined))
        return [{ resource, unknown: "taskDefinition" }];
      const takers = services.flatMap(({ replicas, whileDeployed, servers = [] }) => {
        const perTask = takenOf(resource.outputs["address"], servers, stored);
        return perTask === 0 ? [] : [{ replicas, whileDeployed, perTask }];
      });
      if (takers.length === 0) return [];
      if (limit === undefined) return [{ resource, unknown: "max_connections" }];
      const needed = takers
        .map(({ replicas, whileDeployed, perTask }) =>
          Math.max(connectionsOfDeployment(perTask, replicas), whileDeployed * perTask),
        )
        .reduce((sum, count) => sum + count, 0);
      if (needed <= limit - freeConnections(limit)) return [];
      const who = takers
        .map(({ replicas, perTask }) => `${replicas} task${replicas === 1 ? "" : "s"} with ${perTask} each`)
        .join(" and ");
      return [{ resource, violates: `has ${limit} connections, of which ${needed} may be taken by ${who}` }];
    });
  },
};

/**
 * `max_connections` of a database: what its parameter group says, or RDS's preset for its class. Undefined for
 * a formula and for a class that is not known.
 */
function maxConnections(stack: Stack, database: Resource): number | undefined {
  const groups =
    namedBy(stack, database, "parameterGroupName", "aws:rds/parameterGroup:ParameterGroup") ?? [];
  const [own] = groups
    .flatMap(({ inputs }) => records(inputs["parameters"]))
    .filter(({ name }) => name === "max_connections");
  if (own === undefined) return defaultMaxConnections(String(database.inputs["instanceClass"]));
  const set = Number(own["value"]);
  return Number.isInteger(set) ? set : undefined;
}

export const replicas: readonly Policy[] = [redisForReplicas, connectionBudget];
