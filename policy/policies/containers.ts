import { connectionsOfDeployment, freeConnections } from "../../infra/nango/connection-budget.ts";
import { defaultMaxConnections } from "../../infra/config/rules/instance-class.ts";
import { poolsIn, shared } from "../../infra/nango/environment.ts";
import { UNKNOWN, json } from "../../project/values.ts";
import type { Policy, Resource, ResourcePolicy, Stack, StackPolicy, VerdictOn } from "../policy.ts";
import {
  type Container,
  containersOf,
  input,
  isFalse,
  isTrue,
  namedBy,
  ofType,
  onContainers,
  records,
  required,
  violation,
} from "../reading.ts";

/** A digest, a commit, or a whole version: not `latest`, not `16`, not a name that moves. */
const pinned = /@sha256:[0-9a-f]{64}$|:[\w.-]*[0-9a-f]{40}$|:v?\d+\.\d+(\.\d+)?[\w.-]*$/;

const movingTag = (image: string) => image !== UNKNOWN && !pinned.test(image);

const pinnedImages: ResourcePolicy = {
  name: "pinned-images",
  level: "mandatory",
  promise: "Every image is named so that it means one build: by digest, by commit or by a whole version.",
  reason: "A tag that moves deploys what nobody has tried, on whichever day a task is replaced.",
  remedy:
    "Name a digest, as in repository@sha256:<64 hexadecimal digits>, or a tag that is never pushed again.",
  link: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html",
  judge: (resource) => {
    const named: Readonly<Record<string, string>> = {
      "docker:index/remoteImage:RemoteImage": "name",
      "aws:lambda/function:Function": "imageUri",
    };
    const image = input(resource, named[resource.type] ?? "");
    return [
      ...(named[resource.type] !== undefined && typeof image === "string" && movingTag(image)
        ? [violation(`runs the image ${image}, which can change`)]
        : []),
      ...onContainers(resource, ({ image }) =>
        movingTag(image) ? [`runs the image ${image}, which can change`] : [],
      ),
    ];
  },
};

const x86: ResourcePolicy = {
  name: "x86-64",
  level: "mandatory",
  promise: "Tasks run on x86-64.",
  reason: "Nango's image is built for it alone: on ARM no task starts.",
  remedy: "Leave cpuArchitecture as X86_64.",
  link: "https://hub.docker.com/r/nangohq/nango-server/tags",
  judge: (resource) => {
    if (
      resource.type === "docker:index/remoteImage:RemoteImage" &&
      /nango-server/.test(String(input(resource, "name")))
    )
      return required(
        resource,
        "platform",
        (platform) => platform === "linux/amd64",
        "is pulled for another platform than linux/amd64",
      );
    return resource.type === "aws:ecs/taskDefinition:TaskDefinition"
      ? required(
          resource,
          "runtimePlatform.cpuArchitecture",
          (value) => value === undefined || value === "X86_64",
          `runs on ${String(input(resource, "runtimePlatform.cpuArchitecture"))}`,
        )
      : [];
  },
};

const shells = /(^|\/)(ba|a|da|z|k)?sh$|^(npm|npx|pnpm|yarn)$/;

/** What starts the program that is named behind it, and is no longer there afterwards. */
const starters = /(^|\/)(env|busybox)$/;

/** What the container's first process is; undefined where the image decides. */
function firstProcess({ entryPoint, command }: Container): string | undefined {
  const words = [...entryPoint, ...command];
  return starters.test(words[0] ?? "") ? words.slice(1).find((word) => !/^-|^\w+=/.test(word)) : words[0];
}

const isNango = ({ image }: Container) => /(^|\/)nango-server[:@]/.test(image);

const initProcess: ResourcePolicy = {
  name: "init-process",
  level: "mandatory",
  promise: "The program itself is process 1 of its container, and no shell is before it.",
  reason: "A shell does not hand on SIGTERM: each deployment cuts off requests and ends in a kill.",
  remedy: 'Start the program itself, as in ["node", "server.js"], or set linuxParameters.initProcessEnabled.',
  link: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinuxParameters.html",
  judge: (resource) =>
    onContainers(resource, (container) => {
      const first = firstProcess(container);
      if (container.hasInit) return [];
      if (first === undefined)
        return isNango(container) ? ["leaves its command to Nango's image, which starts a shell"] : [];
      return shells.test(first) ? [`starts with ${first}`] : [];
    }),
};

const healthChecks: ResourcePolicy = {
  name: "health-checks",
  level: "mandatory",
  promise: "Whatever serves has a health check, in its container and at the load balancer.",
  reason: "A process that hangs is sent requests for ever, and a bad version is never rolled back.",
  remedy: "Give the container a healthCheck that asks the program itself, such as node -e with fetch.",
  link: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html",
  judge: (resource) => {
    const targets = ["aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup"].includes(
      resource.type,
    )
      ? required(
          resource,
          "healthCheck.enabled",
          (value) => !isFalse(value),
          "has its health check switched off",
        )
      : [];
    return [
      ...targets,
      ...onContainers(resource, ({ essential, hasPort, hasHealthCheck }) =>
        essential && hasPort && !hasHealthCheck ? ["serves without a health check"] : [],
      ),
    ];
  },
};

const service = "aws:ecs/service:Service";

const rollsBack: ResourcePolicy = {
  name: "rolls-back",
  level: "mandatory",
  promise: "A deployment whose tasks do not become healthy is rolled back by ECS.",
  reason:
    "Otherwise ECS starts them again and again, and the next task that stops is replaced by one that is broken.",
  remedy: "Set deploymentCircuitBreaker with enable and rollback.",
  link: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
  judge: (resource) =>
    resource.type !== service
      ? []
      : [
          ...required(resource, "deploymentCircuitBreaker.enable", isTrue, "has no circuit breaker"),
          ...required(resource, "deploymentCircuitBreaker.rollback", isTrue, "does not roll back"),
        ],
};

/** A service with the servers that it runs. */
interface Servers {
  readonly resource: Resource;
  /** The most tasks that there may be. */
  readonly replicas: number;
  /** Undefined where they are not known. */
  readonly containers: readonly Container[] | undefined;
}

function serversOf(stack: Stack): Servers[] {
  // It names its service by a path that holds the name, which nothing but a deployment knows.
  const ceilings = ofType(stack, "aws:appautoscaling/target:Target").map(({ inputs }) =>
    Number(inputs["maxCapacity"]),
  );
  return ofType(stack, service).map((resource) => {
    const definitions = namedBy(stack, resource, "taskDefinition", "aws:ecs/taskDefinition:TaskDefinition");
    const lists = definitions?.map(containersOf);
    return {
      resource,
      replicas: Math.max(Number(resource.inputs["desiredCount"] ?? 1), ...ceilings.filter(Number.isFinite)),
      containers:
        lists === undefined || lists.includes(undefined) ? undefined : lists.flatMap((list) => list ?? []),
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
  judgeStack: (stack) =>
    serversOf(stack).flatMap(({ resource, replicas, containers }): VerdictOn[] => {
      if (replicas <= 1) return [];
      if (containers === undefined) return [{ resource, unknown: "taskDefinition" }];
      return containers
        .filter(({ environment }) => poolsIn(environment) !== undefined)
        .filter(
          ({ environment, secrets }) => !secrets.includes(shared.redis) && !(shared.redis in environment),
        )
        .map(({ name }) => ({
          resource,
          violates: `may run ${replicas} tasks, and container ${name} has no Redis`,
        }));
    }),
};

/** Where a URL leads, by the variable that has it. */
function hostsIn(stack: Stack): Record<string, string> | undefined {
  const stored = ofType(stack, "aws:secretsmanager/secretVersion:SecretVersion").map(
    ({ inputs }) => inputs["secretString"],
  );
  if (stored.includes(UNKNOWN)) return undefined;
  const all = Object.assign({}, ...stored.map(json)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, url]) =>
      typeof url === "string" && URL.canParse(url) ? [[name, new URL(url).hostname]] : [],
    ),
  );
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
    const databases = ofType(stack, "aws:rds/instance:Instance");
    if (databases.length === 0) return [];
    const hosts = hostsIn(stack);
    return serversOf(stack).flatMap(({ resource: server, replicas, containers }): VerdictOn[] => {
      if (hosts === undefined || containers === undefined)
        return [{ resource: server, unknown: "taskDefinition" }];
      const pools = containers.flatMap(({ environment }) => poolsIn(environment) ?? []);
      const onMain = pools.reduce((sum, { main, tasks, fleet }) => sum + main + tasks + fleet, 0);
      const ofRecords = pools.reduce((sum, { records }) => sum + records, 0);
      return databases.flatMap((resource): VerdictOn[] => {
        const limit = maxConnections(stack, resource);
        const at = (name: string) => hosts[name] !== undefined && hosts[name] === resource.outputs["address"];
        const perTask =
          (at(shared.database) ? onMain : 0) +
          (at(shared.records) || (at(shared.database) && hosts[shared.records] === undefined)
            ? ofRecords
            : 0);
        const needed = perTask === 0 ? 0 : connectionsOfDeployment(perTask, replicas);
        return limit === undefined || needed <= limit - freeConnections(limit)
          ? []
          : [
              {
                resource,
                violates: `has ${limit} connections, of which ${needed} may be taken by ${replicas} tasks with ${perTask} each`,
              },
            ];
      });
    });
  },
};

/** `max_connections` of a database: what its parameter group says, or RDS's preset for its class. */
function maxConnections(stack: Stack, database: Resource): number | undefined {
  const groups =
    namedBy(stack, database, "parameterGroupName", "aws:rds/parameterGroup:ParameterGroup") ?? [];
  const [own] = groups
    .flatMap(({ inputs }) => records(inputs["parameters"]))
    .filter(({ name }) => name === "max_connections");
  const set = Number(own?.["value"]);
  return Number.isInteger(set) ? set : defaultMaxConnections(String(database.inputs["instanceClass"]));
}

export const containers: readonly Policy[] = [
  pinnedImages,
  x86,
  initProcess,
  healthChecks,
  rollsBack,
  redisForReplicas,
  connectionBudget,
];
