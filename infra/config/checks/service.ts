import type { Choices } from "../choices.ts";
import { type Check, type Problem, when } from "../problem.ts";
import { cpuNear, fargatePairProblem, leastMemory, memoryNear } from "../rules/fargate.ts";
import { entry, toRemove, toSet } from "../remedy.ts";

export const service: Check = (choices, { stack }) => {
  const { cpu, memory } = choices;
  const problem = fargatePairProblem(cpu, memory);
  return [
    ...when(
      choices.target === "aws" && problem !== undefined,
      ["cpu", "memory", "size"],
      `nango:cpu = ${cpu} and nango:memory = ${memory} do not go together: ${problem}.\n${otherPair(choices, stack)}`,
    ),
    ...(choices.schedule === undefined ? [] : scheduled(choices, stack)),
    ...when(
      choices.sendsMail && choices.smtpFrom === undefined,
      ["smtpFrom", "smtpUrl", "environment"],
      `${choices.smtpUrl === undefined ? "nango:environment says how mail is sent" : "nango:smtpUrl is given"}, but nango:smtpFrom is not: Nango would send as noreply@email.nango.dev, which mail servers refuse, and say nothing of it.\n${toSet("Name a sender that yours accepts", stack, entry("smtpFrom", "Nango <nango@example.com>"))}`,
    ),
    // Nango takes the first environment whose key it is.
    // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/services/account.service.ts#L374-L400
    ...when(
      choices.apiKeyProd !== undefined && choices.apiKeyProd === choices.apiKeyDev,
      ["apiKeyProd", "apiKeyDev"],
      `nango:apiKeyProd and nango:apiKeyDev are the same key, so that one environment could not be reached.\nGive each its own, or let one be generated: remove it ${toRemove(stack, "nango:apiKeyDev")}`,
    ),
  ];
};

/** How to change one of two that do not go together. */
function otherPair({ cpu, memory }: Choices, stack: string): string {
  const other = cpuNear(cpu, memory);
  return [
    toSet(
      "Take another memory",
      stack,
      entry("memory", String(memoryNear(cpu, Math.max(memory, leastMemory)))),
    ),
    ...(other === undefined ? [] : [toSet("Or another CPU", stack, entry("cpu", String(other)))]),
  ].join("\n");
}

/** What does not go together with office hours. */
function scheduled(
  { replicas, maxReplicas, stopped, alarms, alarmEmail, alarmTopicArn }: Choices,
  stack: string,
): Problem[] {
  const withoutSchedule = toRemove(stack, "nango:schedule");
  return [
    ...when(
      maxReplicas > replicas,
      ["schedule", "maxReplicas", "size"],
      `nango:schedule is for a fixed number of tasks, and automatic scaling would start tasks again at night.\n${toSet("Take as many as nango:replicas", stack, entry("maxReplicas", String(replicas)))}\nOr remove nango:schedule ${withoutSchedule}`,
    ),
    ...when(
      stopped,
      ["schedule", "stopped"],
      `nango:schedule would start in the morning what nango:stopped stops.\nRemove nango:schedule ${withoutSchedule}\nOr remove nango:stopped ${toRemove(stack, "nango:stopped")}`,
    ),
    ...when(
      alarms !== "none" && (alarmEmail !== undefined || alarmTopicArn !== undefined),
      ["schedule", "alarms", "alarmEmail", "alarmTopicArn"],
      `nango:schedule stops what the alarms watch, so that they would go off every evening.\n${toSet("Take no alarms, which keeps a mail address confirmed", stack, entry("alarms", "none"))}\nOr remove nango:schedule ${withoutSchedule}`,
    ),
  ];
}
