import { wrong } from "../../project/command.ts";
import { bareStackName, type Project, readStackConfiguration } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { knownReleases } from "../upgrade/known-releases.ts";
import { awsChecks, examineDeployment, unseen } from "./aws/index.ts";
import { awsClients, regionOf } from "../aws/clients.ts";
import { accountPlanOf } from "../aws/free-plan.ts";
import { awsCredentials } from "../../infra/aws/deploying/credentials.ts";
import { type Deployment, madeOnAws, services } from "./aws/deployment.ts";
import { type Result, skipped } from "../checks/check.ts";
import { outsideHours } from "./aws/service.ts";
import { readPublicEnvironment } from "./site/public-environment.ts";
import { examineSite, siteChecks } from "./site/index.ts";
import { isHttps, isLoopback, type Network, type Secrets, type Site } from "./site/site.ts";
import { doctor } from "./arguments.ts";
import { readStack, type StackReading } from "./stack.ts";

/** What is looked at. */
export interface Subject {
  readonly site: Site;
  /** What the stack made on AWS; undefined where there is none. */
  readonly deployment: (() => Promise<Deployment>) | undefined;
  /** Whether a schedule has stopped it, so that nobody answers. */
  readonly isClosed: boolean;
  /** Why the stack cannot be read, where its address is known all the same. */
  readonly unread: string | undefined;
}

export interface Wish {
  readonly stack: string | undefined;
  /** Another address than the stack's own, or that of any Nango. */
  readonly address: URL | undefined;
  readonly slow: boolean;
}

/**
 * Finds out where Nango is and what it is expected to do.
 * @throws UserError for a stack that is none, and for one that cannot be read where no address was given.
 */
export async function subjectOf(
  project: Project,
  { stack, address: given, slow }: Wish,
  network: Network = {},
): Promise<Subject> {
  const found = stack === undefined ? undefined : await readIfNeeded(project, stack, given !== undefined);
  const unread = typeof found === "string" ? found : undefined;
  const reading = typeof found === "string" ? undefined : found;
  const address = given ?? reading!.url;
  const isOwn = reading !== undefined && reading.url.origin === address.origin;
  const environment = await readPublicEnvironment(network, address);
  const site = {
    url: address,
    connectUrl: isOwn ? reading.connectUrl : parsedOrNone(environment?.connectUrl),
    environment,
    secrets:
      unread === undefined
        ? secretsFor(address, isOwn ? reading.secrets : undefined, reading)
        : unreadStack(stack),
    expected: isOwn ? reading.expected : { linksAreCompleted: !isLoopback(address) },
    network,
    slow,
    stack: stack === undefined ? "<stack>" : bareStackName(stack),
    knownReleases: async () => (await knownReleases({ offline: false })).list,
  };
  return {
    site,
    deployment: reading?.target === "aws" ? () => deploymentOf(reading) : undefined,
    isClosed: isOwn && reading.target === "aws" && reading.isClosed,
    unread,
  };
}

/** Or why the stack cannot be read, where an address to look at is there without it. */
async function readIfNeeded(
  project: Project,
  stack: string,
  hasAddress: boolean,
): Promise<StackReading | string> {
  readStackConfiguration(project, bareStackName(stack));
  return readStack(project, stack).catch((error: unknown) => {
    if (hasAddress && error instanceof UserError) return error.message;
    throw error;
  });
}

const unreadStack = (stack = "") => `stack ${bareStackName(stack)} cannot be read`;

/** The origin, since Nango lives at the root of a host. @throws UsageError */
export function addressIn(url: string): URL {
  const address = parsedOrNone(/^[a-z][a-z\d+.-]*:\/\//i.test(url) ? url : `https://${url}`);
  if (address === undefined) throw wrong(doctor, `--url "${url}" is no URL, as in https://nango.example.com`);
  if (address.username !== "" || address.password !== "")
    throw wrong(doctor, "--url takes no user and no password: secrets come from the stack alone");
  return new URL(address.origin);
}

function parsedOrNone(url: string | undefined): URL | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const address = new URL(url);
  return /^https?:$/.test(address.protocol) ? address : undefined;
}

/** Or why there are none for this address. */
function secretsFor(
  address: URL,
  secrets: Secrets | undefined,
  reading: StackReading | undefined,
): Secrets | string {
  if (reading === undefined) return "no stack was named, whose keys could be tried";
  if (secrets === undefined) return `the secrets of ${reading.name} are for ${reading.url.origin} alone`;
  if (!isHttps(address) && !isLoopback(address)) return "secrets are not sent over plain HTTP";
  return secrets;
}

async function deploymentOf(reading: StackReading): Promise<Deployment> {
  const { name, provider, state, hasLogsStore, stopped, isClosed, allowDataLoss } = reading;
  return {
    stack: name,
    region: regionOf(provider),
    clients: await awsClients(provider, services),
    askForPlan: async () => accountPlanOf(await awsCredentials(provider)),
    resources: state.resources,
    ...madeOnAws(state),
    hasLogsStore,
    stopped,
    isClosed,
    allowDataLoss,
  };
}

/** Looks at everything, from both sides at once. */
export async function examine({ site, deployment, isClosed, unread }: Subject): Promise<Result[]> {
  // First, since loading the AWS SDK keeps this process from hearing answers.
  const inside = deployment === undefined ? undefined : await deployment().then(fromInside, unseenAtAll);
  const [outside, found] = await Promise.all([isClosed ? unanswered() : examineSite(site), inside?.() ?? []]);
  return [...outside, ...found, ...(unread === undefined ? [] : unseenFor(unreadStack(site.stack)))];
}

function unseenFor(reason: string): Result[] {
  return awsChecks.map(({ id, title }) => ({ id, title, ...skipped(reason) }));
}

/** At night nobody answers, and nothing is the matter. */
function unanswered(): Result[] {
  return siteChecks.map(({ id, title }) => ({ id, title, ...skipped(outsideHours) }));
}

type Look = () => Promise<Result[]>;

function fromInside(deployment: Deployment): Look {
  return () => examineDeployment(deployment);
}

/** Without clients none of it can be looked at. */
function unseenAtAll(error: unknown): Look {
  return async () => awsChecks.map(({ id, title }) => ({ id, title, ...unseen(error) }));
}
