import { assignments } from "../../project/assignments.ts";
import { type CommandLine, type UsageError, wrong } from "../../project/command.ts";
import path from "node:path";
import { bareStackName, type Project, readProject, readStackConfiguration } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { rehearse } from "../../rehearsal/rehearse.ts";
import { readSettings } from "../pulumi/settings.ts";
import { permissions } from "./arguments.ts";
import { awsClients } from "../aws/clients.ts";
import { providerIn, readDeployedStack } from "../pulumi/deployed-stack.ts";
import type { StateResource } from "../pulumi/state.ts";
import { backendGrants, keyGrants } from "./backend.ts";
import { boundaryPolicy } from "./boundary.ts";
import { type Purpose, purposes } from "./grant.ts";
import { type Asking, lackingIn, lackingText, readHeld } from "./held.ts";
import { lengthOf, longest, type Policy, policyOf, split } from "./policy.ts";
import { preflightGrants } from "./preflight.ts";
import { exampleAccount, permissionsOf } from "./stack.ts";

type Line = CommandLine<typeof permissions.flags>;
type Values = Line["values"];

interface Wish extends Values {
  readonly stack: string;
  readonly purpose: Purpose;
  readonly settings: Readonly<Record<string, string>>;
}

type ReadingState = (project: Project, stack: string) => Promise<readonly StateResource[]>;

/** What a command prints: its output, and what is to be said of it elsewhere, so that the output can be a file. */
export interface Printed {
  readonly output: string;
  readonly remarks: readonly string[];
}

/**
 * What `npm run permissions` prints.
 * @param rehearsing How a stack is rehearsed.
 * @param reading How a stack's state is read.
 * @throws UserError with what is wrong.
 */
export async function printed(
  { values, positionals: [stack = ""] }: Line,
  here: Project,
  rehearsing: typeof rehearse = rehearse,
  reading: ReadingState = async (of, stackName) => (await readDeployedStack(of, stackName)).state.resources,
): Promise<Printed> {
  const project = projectIn(values, here);
  const wish = wishIn(values, stack);
  const { policy, remarks } = await policyFor(project, wish, rehearsing, reading);
  const isSplit = wish.split === true || wish.part !== undefined;
  const parts = isSplit ? split(policy, longest.managed) : [policy];
  const all = isSplit ? parts : policy;
  const wanted = wish.part === undefined ? all : partOf(parts, wish.part);
  return {
    output: `${JSON.stringify(wanted, null, 2)}\n`,
    remarks: [...remarks, ...sizeRemarks(parts, isSplit)],
  };
}

/**
 * What `npm run permissions -- <stack> --held` says; `lacking` is empty where the role may do everything.
 * @param asking Reaches AWS as the stack's provider does.
 * @throws UserError with what is wrong.
 */
export async function heldBy(
  { values, positionals: [given = ""] }: Line,
  project: Project,
  asking: (stack: string) => Promise<Asking> = async (stack) =>
    awsClients(providerIn(readStackConfiguration(project, stack)), ["iam", "sts"]),
  rehearsing: typeof rehearse = rehearse,
): Promise<{ readonly lacking: readonly string[]; readonly output: string }> {
  const { stack, settings: set } = wishIn(values, given);
  const held = await readHeld(await asking(stack));
  const { grants } = await permissionsOf(project, { stack, set, account: held.account }, rehearsing);
  const lacking = lackingIn(held, grants);
  const output =
    lacking.length === 0
      ? `The role ${held.role} may do all that deploying "${stack}" takes.`
      : lackingText(stack, held, lacking);
  return { lacking, output };
}

function partOf(parts: readonly Policy[], number: string): Policy {
  const part = /^\d+$/.test(number) ? parts[Number(number) - 1] : undefined;
  if (part === undefined)
    throw misused(`There are the parts 1 to ${parts.length} of the policy, and no part "${number}"`);
  return part;
}

async function policyFor(
  project: Project,
  wish: Wish,
  rehearsing: typeof rehearse,
  reading: ReadingState,
): Promise<{ policy: Policy; remarks: string[] }> {
  const { stack, settings: set, account, backend, "secrets-key": secretsKey } = wish;
  const { secretsProvider } = readSettings(project, stack, {});
  const deployed = wish.deployed === true ? await reading(project, stack) : [];
  const { grants, unknown, place, standIns } = await permissionsOf(
    project,
    { stack, set, account, deployed },
    rehearsing,
  );
  const remarks = [
    ...standIns,
    ...(place.account === exampleAccount && account === undefined
      ? [
          `The account is ${exampleAccount}, an example: give yours with --account, or aws:allowedAccountIds in the stack's file.`,
        ]
      : []),
    ...(unknown.length === 0 || wish.boundary === true
      ? []
      : [
          `Not in the policy, since nothing is known of what they take: ${unknown.join(", ")}. Add it yourself.`,
        ]),
  ];
  if (wish.boundary === true) return { policy: boundaryPolicy(place), remarks };
  const key = secretsKey ?? (secretsProvider?.startsWith("awskms:") === true ? secretsProvider : undefined);
  const all = [
    ...grants,
    ...preflightGrants(),
    ...given(() => [
      ...(backend === undefined ? [] : backendGrants(place, backend, { project: project.name, stack })),
      ...(key === undefined ? [] : keyGrants(place, key)),
    ]),
  ];
  return { policy: policyOf(all, wish.purpose), remarks };
}

function sizeRemarks(parts: readonly Policy[], isSplit: boolean): string[] {
  if (isSplit) return [`${parts.length} policies, each of at most ${longest.managed} characters.`];
  const length = Math.max(...parts.map(lengthOf));
  if (length <= longest.managed) return [];
  const tooLong =
    length > longest.inline ? `, and more than the ${longest.inline} of a role's inline policies` : "";
  return [
    `The policy has ${length} characters, more than the ${longest.managed} of a managed policy${tooLong}: --split prints several, which say the same together.`,
  ];
}

function wishIn(values: Values, stack: string): Wish {
  const purpose = purposes.find((one) => one === values.for);
  if (purpose === undefined)
    throw misused(`There are permissions for ${purposes.join(", ")}, not for "${values.for}"`);
  if (values.account !== undefined && !/^\d{12}$/.test(values.account))
    throw misused(`--account takes the twelve digits of an account's ID, not "${values.account}"`);
  const settings = assignments(permissions, "--set", values.set ?? []);
  return { ...values, stack: bareStackName(stack), purpose, settings };
}

function projectIn(values: Values, here: Project): Project {
  if (values.project === undefined) return here;
  if (values.project === "") throw misused("--project takes a folder, and got nothing");
  return readProject(path.join(here.directory, values.project));
}

/** What comes of flags: what cannot be read of them is a wrong use of the command. */
function given<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof UserError ? misused(error.message) : error;
  }
}

function misused(what: string): UsageError {
  return wrong(permissions, what);
}
