import { isRecord, type Properties, numberIn } from "../../project/values.ts";
import type { RecordedResource } from "../record.ts";
import { taskShare } from "./office-hours.ts";
import { type Item, type Rule, type Scene, stored, textIn, unpriced } from "./rule.ts";

/** Fargate includes so much. https://aws.amazon.com/fargate/pricing/ */
const includedStorageGb = 20;

/** Tasks of a service on Fargate. https://aws.amazon.com/fargate/pricing/ */
const service: Rule = (inputs, scene, resource) => {
  const assumptions = { ...scene.assumptions, hours: scene.assumptions.hours * taskShare(scene) };
  const [definition] = scene.behind(resource, "taskDefinition");
  const count = countedTasks(resource, scene);
  if (definition === undefined || count === undefined)
    return [unpriced("tasks", "tasks", "the stack does not say which tasks, or how many")];
  const spot = spotTasks(inputs, count);
  if (spot === undefined) return [unpriced("tasks", "tasks", "they do not run on Fargate")];
  return [
    ...tasksOf(definition, count - spot, "fargate", { ...scene, assumptions }),
    ...tasksOf(definition, spot, "fargateSpot", { ...scene, assumptions }),
    ...publicAddresses(inputs, count * assumptions.hours),
    {
      part: "network",
      what: "traffic to the internet",
      quantity: assumptions.gbOut / servicesOf(scene).length,
      unit: "GB",
      price: "transfer.outGb",
      assumed: "gbOut",
    },
  ];
};

const servicesOf = ({ resources }: Scene) =>
  resources.filter(({ type }) => type === "aws:ecs/service:Service");

/** The service that the load balancer leads to, where there are several. */
export function servingIn(scene: Scene): RecordedResource | undefined {
  const services = servicesOf(scene);
  const isBalanced = ({ inputs: { loadBalancers } }: RecordedResource) =>
    Array.isArray(loadBalancers) && loadBalancers.length > 0;
  return services.find(isBalanced) ?? services[0];
}

/** Whether nothing runs that anybody could call. */
export function isIdle(scene: Scene): boolean {
  const services = servicesOf(scene);
  const noTask = services.length > 0 && services.every((service) => countedTasks(service, scene) === 0);
  return noTask || scene.assumptions.hours === 0;
}

/** What scales a service. */
export function scalingTargetOf(service: RecordedResource, scene: Scene): RecordedResource | undefined {
  const isAlone = servicesOf(scene).length === 1;
  return scene.resources.find(
    (one) =>
      one.type === "aws:appautoscaling/target:Target" &&
      (isAlone || scene.behind(one, "resourceId").includes(service)),
  );
}

/** The tasks that are assumed, or the fewest: scaling soon raises what runs to its least, but starts no stopped service. */
export function countedTasks(service: RecordedResource, scene: Scene): number | undefined {
  const desired = numberIn(service.inputs, "desiredCount");
  const target = scalingTargetOf(service, scene);
  const assumed = service === servingIn(scene) ? scene.assumptions.tasks : undefined;
  if (assumed !== undefined) return assumed;
  if (desired === undefined || desired === 0) return desired;
  return Math.max(desired, numberIn(target?.inputs ?? {}, "minCapacity") ?? 0);
}

function tasksOf(
  { inputs }: RecordedResource,
  count: number,
  kind: "fargate" | "fargateSpot",
  { assumptions: { hours } }: Scene,
): Item[] {
  if (count === 0) return [];
  const cpu = numberIn(inputs, "cpu");
  const memory = numberIn(inputs, "memory");
  const { runtimePlatform, ephemeralStorage } = inputs;
  if (cpu === undefined || memory === undefined)
    return [unpriced("tasks", "tasks", "the task definition gives no CPU or no memory")];
  if (isRecord(runtimePlatform) && runtimePlatform["cpuArchitecture"] === "ARM64")
    return [unpriced("tasks", "tasks on ARM64", "only the prices of X86_64 are known here")];
  const [vcpus, gib] = [cpu / 1024, memory / 1024];
  const market = kind === "fargate" ? "on demand" : "on Spot";
  const own = { part: "tasks", quantity: count * hours } as const;
  const storageGb = isRecord(ephemeralStorage) ? (numberIn(ephemeralStorage, "sizeInGib") ?? 0) : 0;
  return [
    {
      ...own,
      what: `${count} x ${vcpus} vCPU ${market}`,
      quantity: own.quantity * vcpus,
      unit: "vCPU-hours",
      price: `${kind}.vcpuHour`,
    },
    {
      ...own,
      what: `${count} x ${gib} GB of memory ${market}`,
      quantity: own.quantity * gib,
      unit: "GB-hours",
      price: `${kind}.gbHour`,
    },
    ...(storageGb > includedStorageGb
      ? [
          {
            ...own,
            what: `${count} x ${storageGb} GB of storage`,
            quantity: own.quantity * (storageGb - includedStorageGb),
            unit: "GB-hours",
            price: "fargate.ephemeralGbHour",
          },
        ]
      : []),
  ];
}

/**
 * How many of the tasks run on Fargate Spot: each provider gets its base first, and its share of the others. Undefined
 * where some run on something else than Fargate.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
 */
function spotTasks(inputs: Properties, count: number): number | undefined {
  const { capacityProviderStrategies: given } = inputs;
  const strategies = Array.isArray(given) ? given.filter(isRecord) : [];
  if (strategies.length === 0) return textIn(inputs, "launchType") === "FARGATE" ? 0 : undefined;
  const shares = strategies.map((strategy) => ({
    provider: textIn(strategy, "capacityProvider"),
    base: numberIn(strategy, "base") ?? 0,
    weight: numberIn(strategy, "weight") ?? 0,
  }));
  if (shares.some(({ provider }) => provider !== "FARGATE" && provider !== "FARGATE_SPOT")) return undefined;
  const bases = shares.reduce((sum, { base }) => sum + base, 0);
  const weights = shares.reduce((sum, { weight }) => sum + weight, 0);
  const rest = Math.max(0, count - bases);
  const spot = shares
    .filter(({ provider }) => provider === "FARGATE_SPOT")
    .reduce((sum, { base, weight }) => sum + base + (weights === 0 ? 0 : (rest * weight) / weights), 0);
  return Math.min(count, spot);
}

/** https://aws.amazon.com/vpc/pricing/ */
function publicAddresses({ networkConfiguration }: Properties, quantity: number): Item[] {
  if (!isRecord(networkConfiguration) || networkConfiguration["assignPublicIp"] !== true) return [];
  return [
    { part: "network", what: "public addresses of tasks", quantity, unit: "hours", price: "ipv4.hour" },
  ];
}

/** Enhanced metrics cost, the basic ones do not. https://aws.amazon.com/cloudwatch/pricing/ */
const cluster: Rule = ({ settings }) =>
  Array.isArray(settings) &&
  settings.some((one) => isRecord(one) && one["name"] === "containerInsights" && one["value"] !== "disabled")
    ? [unpriced("logs and alarms", "Container Insights", "its metrics are paid by their number")]
    : [];

export const computingRules: Readonly<Record<string, Rule>> = {
  "aws:ecs/service:Service": service,
  "aws:ecs/cluster:Cluster": cluster,
  // https://aws.amazon.com/ecr/pricing/
  "aws:ecr/repository:Repository": stored("images", "ecr.storageGbMonth", "imageGb"),
};
