// What AWS has to allow whoever runs a command, as its `--permissions` prints it.

import { resolve } from "node:path";
import { UserError } from "../../project/user-error.ts";
import type { Grant, Purpose } from "./grant.ts";

/** As `Command` has it. */
type Permissions = (stack: string | undefined) => Promise<string[]>;

/** Of a command that reads the state of a stack, and calls AWS for nothing else. */
export const ofState: Permissions = ofCalls(() => Promise.resolve([]));

/**
 * Of a command that calls AWS by itself. Of a named stack there is what its state takes besides; one on Docker takes
 * nothing else.
 * @param calls The IAM actions.
 */
export function ofCalls(calls: () => Promise<readonly string[]>): Permissions {
  return async (stack) => {
    if (stack === undefined) return sorted(await calls());
    const { target, grants } = await stateOf(stack);
    return sorted([...(target === "docker" ? [] : await calls()), ...actionsIn(grants, "preview")]);
  };
}

/** Of a command that takes the same of every stack, and of none that is not there. */
export function ofAnyStack(calls: () => Promise<readonly string[]>): Permissions {
  return async (stack) => {
    if (stack !== undefined) await stateOf(stack);
    return sorted(await calls());
  };
}

/**
 * Of a command that runs a program on a stack, whose configuration decides what that takes.
 * @param other Another program than Nango's, and its stack where the one that is named, or none, has no file yet: the first
 *   of these that has one.
 */
export function ofProgram(
  purpose: Purpose,
  other?: { readonly folder: string; readonly stacks: readonly string[] },
): Permissions {
  return async (given) => {
    const named = other === undefined ? given : await firstOf(other, given);
    if (named === undefined)
      throw new UserError("What it takes depends on the stack: name one, and --permissions behind it.");
    const { project, target, grants, name } = await stateOf(named, other?.folder);
    if (target === "docker") return sorted(actionsIn(grants, purpose));
    const { permissionsOf } = await import("./stack.ts");
    const { preflightGrants } = await import("./preflight.ts");
    const needed = await permissionsOf(project, { stack: name, set: {}, account: undefined });
    return sorted(actionsIn([...needed.grants, ...preflightGrants(), ...grants], purpose));
  };
}

async function firstOf(
  other: { readonly folder: string; readonly stacks: readonly string[] },
  given = "",
): Promise<string | undefined> {
  const { readProject, stackNames } = await import("../../project/project.ts");
  const names = stackNames(readProject(resolve(other.folder)));
  return [given, ...other.stacks].find((name) => names.includes(name));
}

/** What reading and writing a stack's state takes, where it lies in a bucket or a key of KMS encrypts its secrets. */
async function stateOf(stack: string, folder = ".") {
  const { bareStackName, readProject } = await import("../../project/project.ts");
  const { readSettings } = await import("../pulumi/settings.ts");
  const { backendGrants, keyGrants } = await import("./backend.ts");
  const { exampleAccount } = await import("./stack.ts");
  const project = readProject(resolve(folder));
  const name = bareStackName(stack);
  const { config, secretsProvider = "", ...settings } = readSettings(project, stack, process.env);
  const backend = String(config[`${project.name}:backend`] ?? settings.backend ?? "");
  const region = String(config["aws:region"] ?? "us-east-1");
  const place = {
    account: exampleAccount,
    region,
    resources: [],
    invokes: [],
    defaultTagKeys: [],
    stackTag: undefined,
  };
  const grants: readonly Grant[] = [
    ...(backend.startsWith("s3://")
      ? backendGrants(place, backend, { project: project.name, stack: name })
      : []),
    ...(secretsProvider.startsWith("awskms:") ? keyGrants(place, secretsProvider) : []),
  ];
  const target = config[`${project.name}:target`] === "docker" ? "docker" : "aws";
  return { project, name, target, grants } as const;
}

function actionsIn(grants: readonly Grant[], purpose: Purpose): string[] {
  return grants.filter((grant) => grant.for.includes(purpose)).flatMap(({ actions }) => actions);
}

function sorted(actions: readonly string[]): string[] {
  return [...new Set(actions)].toSorted();
}
