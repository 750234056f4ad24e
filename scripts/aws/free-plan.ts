import { AwsV4Signer } from "aws4fetch";
import { EnvHttpProxyAgent, fetch } from "undici";
import { z } from "zod";
import type { AwsClientOptions } from "../../infra/aws/deploying/client-options.ts";
import { partitionOf } from "../../infra/config/rules/aws-region.ts";
import { bad, good, type Outcome, skipped, warning } from "../checks/check.ts";

/** The IAM action that asks for the account's plan. */
export const planPermission = "freetier:GetAccountPlanState";

/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_freetier_GetAccountPlanState.html */
const accountPlan = z.object({
  accountPlanType: z.enum(["FREE", "PAID"]).or(z.string()).optional(),
  accountPlanStatus: z.string().optional(),
  accountPlanRemainingCredits: z
    .object({ amount: z.number().optional(), unit: z.string().optional() })
    .optional(),
  accountPlanExpirationDate: z.union([z.string(), z.number()]).optional(),
});
export type AccountPlan = z.infer<typeof accountPlan>;

const refusal = z.object({ __type: z.string().optional(), message: z.string().optional() });

/** How to ask; `undefined` for an account of before the plans, which has none. */
export type AskForPlan = () => Promise<AccountPlan | undefined>;

const home = "us-east-1";
const timeout = 5_000;

/**
 * Asks for the plan of an account. The SDK for it is published apart from those that this project takes; it is one signed
 * request.
 * @throws Error with the name that AWS gives it.
 */
export async function accountPlanOf(
  credentials: AwsClientOptions["credentials"],
  endpoint: string = process.env["AWS_ENDPOINT_URL_FREETIER"] ??
    process.env["AWS_ENDPOINT_URL"] ??
    `https://freetier.${home}.api.aws/`,
): Promise<AccountPlan | undefined> {
  const { accessKeyId, secretAccessKey, sessionToken } =
    typeof credentials === "function" ? await credentials() : credentials;
  const { url, headers, method, body } = await new AwsV4Signer({
    url: endpoint,
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "AWSFreeTierService.GetAccountPlanState",
    },
    body: "{}",
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    service: "freetier",
    region: home,
  }).sign();
  const dispatcher = new EnvHttpProxyAgent();
  try {
    const response = await fetch(url, {
      method,
      headers: Object.fromEntries(headers),
      body: String(body),
      dispatcher,
      signal: AbortSignal.timeout(timeout),
    });
    const text = await response.text();
    if (response.ok) return accountPlan.parse(JSON.parse(text));
    const { __type: type = `HTTP ${response.status}`, message = "" } = refusalIn(text);
    const name = type.replace(/^.*#/, "");
    if (name === "ResourceNotFoundException") return undefined;
    throw Object.assign(new Error(message), { name });
  } catch (error) {
    // fetch says "fetch failed" of everything.
    throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  } finally {
    await dispatcher.destroy();
  }
}

function refusalIn(text: string): z.infer<typeof refusal> {
  try {
    return refusal.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Resources by what a plan may refuse: planned ones, or those that a state holds. */
export interface Resources {
  readonly databases: readonly {
    readonly name: string;
    readonly class: string;
    readonly backupDays: number;
  }[];
}

/** The classes that the free plan has. https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/free-tier-plans.html */
const freeClasses = /^db\.t[34]g?\.micro$/;

/** What an account's plan means for a stack. */
export function judgePlan(
  plan: AccountPlan | undefined,
  { databases }: Resources,
  stack: string,
): Outcome | Outcome[] {
  if (plan === undefined) return good("the account is older than AWS's plans, and pays");
  const { accountPlanType: type, accountPlanStatus: status } = plan;
  if (type === "PAID") return good("the account is on the paid plan");
  if (type !== "FREE") return skipped(`AWS names a plan that is not known here: ${type ?? "none"}`);
  const upgrade = "upgrade the account's plan in the Billing console";
  if (status === "EXPIRED")
    return bad("the account's free plan has expired, and AWS makes nothing in it", upgrade);
  const refused = databases.flatMap((database) => {
    const { name } = database;
    return [
      database.backupDays > 1
        ? bad(
            `the account is on AWS's free plan, which keeps backups for a day, and ${name} would keep ${database.backupDays}`,
            `npx pulumi config set -s ${stack} nango:databaseBackupDays 1, or ${upgrade}`,
          )
        : undefined,
      freeClasses.test(database.class)
        ? undefined
        : bad(
            `the account is on AWS's free plan, which has no ${database.class}, the class of ${name}`,
            `npx pulumi config set -s ${stack} nango:size small (db.t4g.micro) without larger classes in keys of their own, or ${upgrade}`,
          ),
    ].filter((outcome) => outcome !== undefined);
  });
  if (refused.length > 0) return refused;
  return warning(
    `the account is on AWS's free plan${creditsText(plan)}: Nango stops when it ends`,
    `${upgrade} before that`,
  );
}

function creditsText({
  accountPlanRemainingCredits: credits,
  accountPlanExpirationDate: end,
}: AccountPlan): string {
  const left =
    credits?.amount === undefined ? [] : [`${credits.amount} ${credits.unit ?? "USD"} of credits left`];
  const date = end === undefined ? undefined : new Date(typeof end === "number" ? end * 1000 : end);
  const until = date === undefined || Number.isNaN(+date) ? [] : [`until ${date.toISOString().slice(0, 10)}`];
  const all = [...left, ...until];
  return all.length === 0 ? "" : ` (${all.join(", ")})`;
}

/** Whether a region is in the part of AWS that has plans. */
export function hasPlans(region: string): boolean {
  return partitionOf(region).name === "aws";
}
