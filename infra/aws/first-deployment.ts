import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ifKnown } from "./deploying/known.ts";
import type { ProgramConfig } from "../config/index.ts";
import { toSet } from "../config/remedy.ts";
import { usableZones } from "./network/availability-zones.ts";

/** What a stack finds at its first deployment and keeps to from then on. */
export interface FirstDeployment {
  /** The ID of the AWS account. */
  readonly account: string;
  readonly region: string;
  /** The stack's name, which physical names hold: they stay when the stack is renamed. */
  readonly stack: string;
  /** The availability zones to spread over, the first ones first. */
  readonly zones: readonly string[];
}

/**
 * Recalls the first deployment, or remembers this one as the first: a stack that was deployed before anything was
 * remembered takes what it finds at its next update. Awaited before anything else is declared, in previews too.
 * @throws pulumi.RunError in another region or account, where nothing of what is deployed could be found.
 */
export async function firstDeployment(
  config: Pick<ProgramConfig, "stack" | "region">,
): Promise<FirstDeployment> {
  const { stack, region } = config;
  const found = await lookAround(stack, region);
  const stash = new pulumi.Stash(
    "nango-first-deployment",
    { input: found },
    // The first input is the one that stays.
    { ignoreChanges: ["input"] },
  );
  const first = (await ifKnown(stash.output as pulumi.Output<FirstDeployment>)) ?? found;
  const problem = moved(first, found);
  if (problem !== undefined) throw new pulumi.RunError(problem);
  return first;
}

async function lookAround(stack: string, region: string): Promise<FirstDeployment> {
  try {
    const [{ accountId }, zones] = await Promise.all([aws.getCallerIdentity(), usableZones(region)]);
    return { account: accountId, region, stack, zones };
  } catch (error) {
    // Of this kind Pulumi prints the message alone.
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}

/** Why a stack that was first deployed here cannot be deployed there; undefined when it is the same place. */
function moved(first: FirstDeployment, now: FirstDeployment): string | undefined {
  if (first.region !== now.region) {
    return (
      `aws:region = "${now.region}", but this stack is deployed in ${first.region}, and nothing of it can move.\n` +
      `${toSet("Take the region back", now.stack, { key: "aws:region", value: first.region })}\n` +
      `In ${now.region} deploy a stack of its own, with a name and a file of its own.`
    );
  }
  if (first.account !== now.account) {
    return (
      `These credentials are for the account ${now.account}, but this stack is deployed in the account ${first.account}, and nothing of it can move.\n` +
      `Use credentials of ${first.account}; for ${now.account} deploy a stack of its own. ${toSet("aws:allowedAccountIds lets no other account be used", now.stack, { key: "aws:allowedAccountIds", in: "list", value: first.account })}`
    );
  }
  return undefined;
}
