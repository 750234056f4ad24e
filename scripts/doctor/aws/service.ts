import type { Service } from "@aws-sdk/client-ecs";
import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import { bad, type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import type { Deployment } from "./deployment.ts";

const notThere = "no deployment of the stack has ended well yet";

async function describe({ clients, service }: Deployment): Promise<Service | undefined> {
  if (service === undefined) return undefined;
  const { cluster, name } = service;
  const { services } = await clients.ecs.describeServices({ cluster, services: [name] });
  return services?.find(({ status }) => status === "ACTIVE");
}

/** `nango-dev:7` of an ARN. */
function revision(arn: string | undefined): string {
  return arn?.replace(/^.*\//, "") ?? "none";
}

export const running: Check<Deployment> = {
  id: "deployment",
  title: "Deployment",
  permissions: ["ecs:DescribeServices"],
  async run(deployment): Promise<Outcome> {
    const { service: wanted, stack } = deployment;
    if (wanted === undefined) return skipped(notThere);
    const service = await describe(deployment);
    if (service === undefined)
      return bad(
        `ECS has no service ${wanted.name}`,
        `somebody deleted it: npx pulumi up -s ${stack} --refresh makes it anew`,
      );
    const primary = service.deployments?.find(({ status }) => status === "PRIMARY");
    const [runs, asked] = [revision(primary?.taskDefinition), revision(wanted.taskDefinition)];
    const again = `read its log (npm run logs -- ${stack}), mend the cause, and npm run up -- ${stack}`;
    if (primary?.rolloutState === "FAILED")
      return bad(
        `the deployment of ${runs} failed: ${primary.rolloutStateReason ?? "ECS does not say why"}`,
        again,
      );
    if (runs !== asked)
      return bad(
        `${runs} runs, where ${asked} was asked for: ECS rolled it back, or somebody changed it`,
        again,
      );
    if (primary?.rolloutState === "IN_PROGRESS")
      return warning(`the deployment of ${runs} is under way`, "look again in some minutes");
    return good(`${runs} runs, as asked for`);
  },
};

/** What is not there because of the hour. */
export const outsideHours = "scheduled off (nango:schedule)";

export const tasks: Check<Deployment> = {
  id: "tasks",
  title: "Tasks",
  permissions: ["ecs:DescribeServices"],
  async run(deployment): Promise<Outcome> {
    const service = await describe(deployment);
    if (service === undefined) return skipped(deployment.service === undefined ? notThere : "see Deployment");
    const { desiredCount = 0, runningCount = 0, events = [] } = service;
    const says = `${runningCount} of ${desiredCount} tasks run`;
    if (deployment.stopped && desiredCount === 0)
      return warning(
        "Nango is stopped (nango:stopped)",
        `start it: take nango:stopped out, npm run up -- ${deployment.stack}`,
      );
    if (deployment.isClosed && desiredCount === 0) return skipped(outsideHours);
    if (desiredCount === 0)
      return bad("the service was scaled to no tasks by hand", `npm run up -- ${deployment.stack}`);
    if (runningCount >= desiredCount) return good(says);
    const latest = events[0]?.message ?? "nothing";
    return bad(says, `ECS said last: ${latest.trim()}. docs/troubleshoot.md explains its messages`);
  },
};

export const targets: Check<Deployment> = {
  id: "targets",
  title: "Targets",
  permissions: ["elasticloadbalancing:DescribeTargetHealth"],
  async run({ clients, stack, stopped, isClosed, targetGroups }): Promise<Outcome | Outcome[]> {
    if (stopped) return skipped("Nango is stopped");
    if (isClosed) return skipped(outsideHours);
    if (targetGroups.length === 0) return skipped(notThere);
    return Promise.all(
      targetGroups.map(async ({ name, arn }) => {
        const { TargetHealthDescriptions = [] } = await clients.elasticLoadBalancing.describeTargetHealth({
          TargetGroupArn: arn,
        });
        return { ...judged(TargetHealthDescriptions, stack), about: name };
      }),
    );
  },
};

function judged(found: readonly TargetHealthDescription[], stack: string): Outcome {
  const inState = (...states: string[]) =>
    found.filter(({ TargetHealth }) => states.includes(TargetHealth?.State ?? ""));
  const healthy = inState("healthy").length;
  const unhealthy = inState("unhealthy", "unavailable");
  const look = `its container does not answer: npm run logs -- ${stack} shows its log`;
  if (unhealthy.length > 0) {
    const reasons = new Set(
      unhealthy.map(({ TargetHealth }) => TargetHealth?.Description ?? "no reason given"),
    );
    return bad(`${unhealthy.length} of ${found.length} unhealthy: ${[...reasons].join("; ")}`, look);
  }
  if (healthy === 0) {
    const starting = inState("initial").length;
    return starting > 0
      ? warning(`${starting} being looked at for the first time`, "look again in a minute")
      : bad("no task is registered: the load balancer answers 503", "see Deployment and Tasks");
  }
  return good(`${healthy} healthy`);
}
