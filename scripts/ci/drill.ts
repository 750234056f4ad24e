// A stack on which restoring is practised: made of a backup of another one, looked at, and deleted.

import type { Project } from "../../project/project.ts";
import { readStackConfiguration } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { isForDrills } from "./pipeline.ts";
import type { StackState } from "../pulumi/state.ts";

/** The keys that say of what its database is made. */
const restoring = ["nango:databaseSnapshot", "nango:databaseRestoreTime"];

/** A stack that the backend has and that was never deployed has nothing but itself and its providers. */
const isMade = ({ type }: StackState["resources"][number]) =>
  type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:");

/**
 * Refuses a stack that is not there to be deleted again.
 * @param state Undefined for one that the backend does not have.
 * @throws UserError
 */
export function refuseOtherThanDrill(project: Project, stack: string, state: StackState | undefined): void {
  if (!isForDrills(stack))
    throw new UserError(
      `"${stack}" is no name of a stack for a drill, which deletes the stack: such a name is drill, or ends with -drill.`,
    );
  const configuration = readStackConfiguration(project, stack);
  const file = `stacks/Pulumi.${stack}.yaml`;
  if (!restoring.some((key) => key in configuration))
    throw new UserError(
      `${file} has none of ${restoring.join(", ")}: it is no stack for a drill, which is made of a backup of another one. docs/restore.md says how to begin one.`,
    );
  if (String(configuration["nango:allowDataLoss"]) !== "true")
    throw new UserError(
      `${file} does not have nango:allowDataLoss: true, so the stack could not be deleted again: it is no stack for a drill.`,
    );
  const made = (state?.resources ?? []).filter(isMade).length;
  if (made > 0)
    throw new UserError(
      `Stack "${stack}" has ${made} resources already. If they are left of an earlier drill: npm run destroy -- ${stack}. Nothing was changed.`,
    );
}
