import type { Check, Problem } from "../problem.ts";
import { entry, toSet } from "../remedy.ts";
import { isRegion, partitionOf } from "../rules/aws-region.ts";

/** The settings that may be ARNs. */
const arns = [
  "certificateArn",
  "permissionsBoundaryArn",
  "alarmTopicArn",
  "databaseSnapshot",
  "databaseRestoreSource",
  "recordsDatabaseSnapshot",
  "recordsDatabaseRestoreSource",
] as const;

/** Nothing of one partition of AWS is known in another: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export const partitions: Check = (choices, { region = "", stack }) => {
  if (!isRegion(region)) return [];
  const ours = partitionOf(region).name;
  return arns.flatMap((key): Problem[] => {
    const [, theirs, arnRegion = ""] = /^arn:([^:]*):[^:]*:([^:]*):/.exec(choices[key] ?? "") ?? [];
    // One of another region is told as such.
    if (theirs === undefined || theirs === ours || !["", region].includes(arnRegion)) return [];
    const message = `nango:${key} is in the partition ${theirs} of AWS, but the stack is in ${ours} (aws:region = "${region}").\n${toSet(`Give one of ${ours}`, stack, entry(key, `arn:${ours}:...`))}`;
    return [{ keys: [key], message }];
  });
};
