import { type Check, when } from "../problem.ts";
import { fargatePairProblem } from "../rules/fargate.ts";
import { entry, toRemove, toSet } from "../remedy.ts";

export const service: Check = (choices, { stack }) => {
  const { cpu, memory } = choices;
  const problem = fargatePairProblem(cpu, memory);
  return [
    ...when(
      choices.target === "aws" && problem !== undefined,
      ["cpu", "memory", "size"],
      `nango:cpu = ${cpu} and nango:memory = ${memory} do not go together: ${problem}.`,
    ),
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
