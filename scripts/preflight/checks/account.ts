import type { AwsPlace } from "../../../infra/config/aws-command.ts";
import type { StateResource, StackState } from "../../pulumi/state.ts";
import { bad, good, type Outcome, type Result } from "../../checks/check.ts";
import { awsFailure } from "../../aws/failure.ts";
import type { AwsClients } from "../../aws/clients.ts";
import { loggingIn } from "../../aws/login.ts";
import type { Caller } from "../subject.ts";
import { enable, homeOf } from "./place.ts";

/** Where the credentials are to serve. */
type Place = AwsPlace & { readonly region: string };

const credentials = { id: "credentials", title: "Credentials" };

/** As whom AWS sees the credentials, and what is to be said of that. */
export interface Introduction {
  readonly caller: Caller | undefined;
  readonly result: Result;
}

/** The IAM actions that it takes: none, since everybody may ask who they are. */
export async function introduce(
  aws: Pick<AwsClients, "sts">,
  place: Place,
  awsIn: (region: string) => Promise<Pick<AwsClients, "sts">>,
): Promise<Introduction> {
  try {
    const { Account: account = "", Arn: arn = "" } = await aws.sts.getCallerIdentity({});
    return {
      caller: { account, arn },
      result: { ...credentials, ...good(`${arn} in the account ${account}`) },
    };
  } catch (error) {
    return { caller: undefined, result: { ...credentials, ...(await refusal(error, place, awsIn)) } };
  }
}

/** A region that the account has not enabled knows none of its credentials. */
async function refusal(
  error: unknown,
  place: Place,
  awsIn: (region: string) => Promise<Pick<AwsClients, "sts">>,
): Promise<Outcome> {
  const { kind, says } = awsFailure(error);
  const login = `log in again: ${loggingIn(place)}`;
  if (kind !== "credentials")
    return bad(
      `AWS does not say who they are: ${says}`,
      "look at the network, the proxy, aws:region and aws:endpoints",
    );
  const { region, profile } = place;
  const home = homeOf(region);
  if (home === region) return bad(`AWS does not take them: ${says}`, login);
  const works = await awsIn(home)
    .then(({ sts }) => sts.getCallerIdentity({}))
    .catch(() => undefined);
  return works === undefined
    ? bad(`AWS does not take them: ${says}`, login)
    : bad(
        `AWS takes them in ${home}, and not in ${region}, which this account has not enabled`,
        enable(region, profile),
      );
}

/** What a stack remembers of its first deployment. */
export interface First {
  readonly account: string;
  readonly region: string;
}

/** https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/stash.ts */
export function firstDeployment(state: StackState | undefined): First | undefined {
  const stash = state?.resources.find(
    ({ type, urn }) => type === "pulumi:index:Stash" && urn.endsWith("::nango-first-deployment"),
  );
  const { account, region } = remembered(stash);
  return typeof account === "string" && typeof region === "string" ? { account, region } : undefined;
}

function remembered(stash: StateResource | undefined): {
  readonly account?: unknown;
  readonly region?: unknown;
} {
  const value = stash?.outputs?.["output"];
  return typeof value === "object" && value !== null ? value : {};
}

/** Whether it is an account that the stack may be in. */
export function judgeAccount(
  { account }: Caller,
  region: string,
  {
    first,
    allowed,
    forbidden,
  }: { first: First | undefined; allowed: readonly string[]; forbidden: readonly string[] },
): Result {
  const about = { id: "account", title: "Account" };
  if (first !== undefined && first.account !== account)
    return {
      ...about,
      ...bad(
        `the credentials are for the account ${account}, and the stack is deployed in ${first.account}`,
        `use credentials of ${first.account}; for ${account} deploy a stack of its own`,
      ),
    };
  if (first !== undefined && first.region !== region)
    return {
      ...about,
      ...bad(
        `aws:region is ${region}, and the stack is deployed in ${first.region}: nothing of it can move`,
        "take the region back, or deploy a stack of its own there",
      ),
    };
  if ((allowed.length > 0 && !allowed.includes(account)) || forbidden.includes(account))
    return {
      ...about,
      ...bad(
        `the credentials are for the account ${account}, which ${forbidden.includes(account) ? "aws:forbiddenAccountIds names" : `aws:allowedAccountIds does not name (${allowed.join(", ")})`}`,
        "use the credentials of another account, or mend the list in the stack's file",
      ),
    };
  const why =
    first === undefined
      ? allowed.length > 0
        ? "aws:allowedAccountIds names it"
        : "aws:allowedAccountIds in the stack's file would hold the stack to it"
      : "the stack is deployed there";
  return { ...about, ...good(`${account}: ${why}`) };
}
