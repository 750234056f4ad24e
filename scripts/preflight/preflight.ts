import { awsCredentials } from "../../infra/aws/deploying/credentials.ts";
import type { AwsProviderConfig } from "../../infra/aws/deploying/provider-config.ts";
import type { Project } from "../../project/project.ts";
import type { rehearse } from "../../rehearsal/rehearse.ts";
import { type AwsClients, awsClients, type AwsService, regionOf } from "../aws/clients.ts";
import { awsFailure } from "../aws/failure.ts";
import { accountPlanOf } from "../aws/free-plan.ts";
import { type Check, type Outcome, type Result, runChecks, skipped } from "../checks/check.ts";
import { permissionsIn } from "../permissions/stack.ts";
import { firstDeployment, introduce, judgeAccount } from "./checks/account.ts";
import { awsChecks, worldChecks } from "./checks/index.ts";
import { secretsKey } from "./checks/secrets-key.ts";
import { dockerResults, engineResult } from "./docker.ts";
import { Plan } from "./plan.ts";
import { policyResults } from "./policies.ts";
import { readStack, rehearsePlan, type Rehearsed, type StackReading } from "./stack.ts";
import type { Caller, Network, Planned, Subject } from "./subject.ts";
import { unasked } from "./unasked.ts";

/** What a look before a deployment runs in. */
export interface Surroundings {
  /** Whether the Pulumi CLI will be able to ask for a passphrase. */
  readonly canAsk: boolean;
  readonly rehearsing: typeof rehearse;
  readonly network: Network;
}

export const services: readonly AwsService[] = [
  "acm",
  "cloudwatch",
  "ec2",
  "ecr",
  "elasticache",
  "elasticLoadBalancing",
  "iam",
  "kms",
  "logs",
  "opensearch",
  "rds",
  "route53",
  "serviceQuotas",
  "sns",
  "sts",
];

/** AWS throttles who asks much at once. */
const patience = { attempts: 3, timeout: 5_000 };
/** What a check may take, its repetitions included. Milliseconds. */
const timeLimit = 20_000;

/**
 * Looks at everything that a deployment of a stack meets.
 * @throws UserError for a stack that has no file.
 */
export async function preflight(
  project: Project,
  stack: string,
  { canAsk, rehearsing, network }: Surroundings,
): Promise<Result[]> {
  const reading = await readStack(project, stack, canAsk);
  if (reading.target === "docker") return [...reading.results, ...(await dockerResults(project, reading))];
  const rehearsed = await rehearsePlan(project, reading.name, rehearsing);
  const judged = rehearsed.rehearsal === undefined ? [] : policyResults(rehearsed.rehearsal);
  const region = regionOf(reading.provider);
  const known = [
    ...reading.results,
    rehearsed.result,
    ...judged,
    ...(await mirrorEngine(reading, rehearsed)),
  ];
  const planned = plannedOf(reading, rehearsed, { region, network });
  const [ofWorld, ofAws] = await Promise.all([
    planned === undefined ? [] : runChecks(worldChecks.map(limited), planned, unasked),
    askAws(project, { reading, rehearsed, planned, region }),
  ]);
  return [...known, ...ofAws, ...ofWorld];
}

/** A copy of the image in ECR is pushed by the engine where the deployment runs. */
async function mirrorEngine({ settings }: StackReading, rehearsed: Rehearsed): Promise<Result[]> {
  if (rehearsed.rehearsal === undefined || rehearsed.imageSource !== "ecr-mirror") return [];
  return [(await engineResult(settings.config)).result];
}

function plannedOf(
  { name, state }: StackReading,
  rehearsed: Rehearsed,
  { region, network }: Pick<Planned, "region" | "network">,
): Planned | undefined {
  if (rehearsed.rehearsal === undefined) return undefined;
  const { rehearsal, image } = rehearsed;
  return { stack: name, region, plan: new Plan(rehearsal, state), image, network };
}

async function askAws(
  project: Project,
  of: {
    readonly reading: StackReading;
    readonly rehearsed: Rehearsed;
    readonly planned: Planned | undefined;
    readonly region: string;
  },
): Promise<readonly Result[]> {
  const { reading, rehearsed, planned, region } = of;
  const { provider, unreadable, state, keyToCome } = reading;
  if (unreadable.length > 0)
    return [notAsked(`${unreadable.join(", ")} can be read once the state backend has the stack`)];
  const awsIn = async (other: string) => (await clientsFor({ ...provider, region: other })).clients;
  const { clients, problem } = await clientsFor({ ...provider, region }).then(
    (found) => ({ ...found, problem: undefined }),
    (error: unknown) => ({ clients: undefined, problem: error }),
  );
  if (clients === undefined)
    return [
      { id: "credentials", title: "Credentials", ...noCredentials(problem) },
      notAsked("see Credentials"),
    ];
  const { caller, result } = await introduce(clients, { region, profile: provider.profile }, awsIn);
  if (caller === undefined) return [result, notAsked("see Credentials")];
  const account = accountResult(caller, region, { state, provider });
  // Of another account nothing that it says is about this stack.
  if (account.verdict === "bad") return [result, account, notAsked("see Account")];
  const key =
    keyToCome === undefined ? [] : await runChecks([secretsKey], { url: keyToCome, region, awsIn }, unasked);
  if (planned === undefined || rehearsed.rehearsal === undefined)
    return [result, account, ...key, notAsked("see Configuration")];
  const asked = { stack: reading.name, set: {}, account: caller.account };
  const subject: Subject = {
    ...planned,
    profile: provider.profile,
    caller,
    aws: clients,
    awsIn: async (other) => (other === region ? clients : awsIn(other)),
    askForPlan: async () => accountPlanOf(await awsCredentials(provider)),
    permissions: permissionsIn(project, asked, rehearsed.rehearsal),
  };
  return [result, account, ...key, ...(await runChecks(awsChecks.map(limited), subject, unasked))];
}

async function clientsFor(provider: AwsProviderConfig): Promise<{ readonly clients: AwsClients }> {
  return { clients: (await awsClients(provider, services, patience)) as AwsClients };
}

function noCredentials(error: unknown): Outcome {
  const { says } = awsFailure(error);
  return {
    verdict: "bad",
    says: `there are none: ${says}`,
    remedy: "run aws configure or aws sso login, or name a profile with AWS_PROFILE or aws:profile",
  };
}

function accountResult(
  caller: Caller,
  region: string,
  { state, provider }: Pick<StackReading, "state" | "provider">,
): Result {
  const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const { allowedAccountIds, forbiddenAccountIds } = provider as Record<string, unknown>;
  return judgeAccount(caller, region, {
    first: firstDeployment(state),
    allowed: list(allowedAccountIds),
    forbidden: list(forbiddenAccountIds),
  });
}

/** All that is asked of AWS, and why it is not. */
function notAsked(why: string): Result {
  return { id: "aws", title: "AWS", ...skipped(why) };
}

/** A check that gives up after a while. */
function limited<About>(check: Check<About>): Check<About> {
  return {
    ...check,
    run: async (subject) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer within ${timeLimit / 1000} s`)), timeLimit);
      });
      return Promise.race([check.run(subject), late]).finally(() => clearTimeout(timer));
    },
  };
}
