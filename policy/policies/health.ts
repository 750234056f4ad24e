import { server } from "../../infra/nango/services.ts";
import { UNKNOWN } from "../../project/values.ts";
import { isVacuous } from "../health-command.ts";
import { targetGroups } from "../load-balancing.ts";
import type { Policy, Resource, ResourcePolicy, Verdict } from "../policy.ts";
import {
  type Container,
  type DockerContainer,
  dockerContainerOf,
  isNango,
  onContainers,
} from "../processes.ts";
import { input, isFalse, isTrue, required, violation } from "../reading.ts";

/** What is wrong with the health check of a container. Of Nango it is known on which port to ask. */
function objectionsTo({ healthCheck, ports }: Container | DockerContainer, ofNango: boolean): string[] {
  if (healthCheck === undefined) return ["serves without a health check"];
  const command = healthCheck.join(" ");
  if (isVacuous(healthCheck)) return [`has a health check that asks nothing: ${command}`];
  const asks = ports.length === 0 || /PORT/.test(command) || ports.some((port) => asksAt(command, port));
  return ofNango && !asks ? [`has a health check that does not ask at port ${ports.join(", ")}`] : [];
}

const asksAt = (command: string, port: number) => new RegExp(`\\b${port}\\b`).test(command);

/** Answers of a server that is not well, or that does not know the path. */
const unwell = [404, 500, 502, 503];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html: codes and ranges of them. */
function takesUnwell(matcher: string): number | undefined {
  const ranges = matcher.split(",").map((range) => range.split("-").map(Number));
  return unwell.find((code) => ranges.some(([from = 0, to = from]) => from <= code && code <= to));
}

function onTargetGroup(resource: Resource): Verdict[] {
  const path = input(resource, "healthCheck.path");
  const matcher = input(resource, "healthCheck.matcher");
  const code = takesUnwell(String(matcher ?? "200"));
  const isServers = Number(input(resource, "port")) === server.port && path !== UNKNOWN;
  // Nango answers 200 with its page wherever nothing else is. "/" is asked where nothing is set.
  const asksPage = isServers && ![server.healthPath, server.readyPath].includes(String(path ?? "/"));
  return [
    ...required(
      resource,
      "healthCheck.enabled",
      (value) => !isFalse(value),
      "has its health check switched off",
    ),
    ...(code === undefined
      ? []
      : [violation(`takes an answer for health that says the opposite: ${code} is in ${String(matcher)}`)]),
    ...(asksPage ? [violation(`asks for ${String(path ?? "/")}, where Nango has no health path`)] : []),
  ];
}

const healthChecks: ResourcePolicy = {
  name: "health-checks",
  level: "mandatory",
  promise: "Whatever serves has a health check that can fail, in its container and at the load balancer.",
  reason: "A process that hangs is sent requests for ever, and a bad version is never rolled back.",
  remedy: "Give the container a healthCheck that asks the program itself, such as node -e with fetch.",
  link: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html",
  judge: (resource) => {
    const onDocker = dockerContainerOf(resource);
    return [
      ...(targetGroups.includes(resource.type) ? onTargetGroup(resource) : []),
      ...(onDocker?.serves ? objectionsTo(onDocker, onDocker.isServer).map(violation) : []),
      ...onContainers(resource, (container) => {
        const ofNango = isNango(container.image) || container.isServer;
        const serves = container.ports.length > 0 && (container.essential || ofNango);
        return serves ? objectionsTo(container, ofNango) : [];
      }),
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

export const health: readonly Policy[] = [healthChecks, rollsBack];
