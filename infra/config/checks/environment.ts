import { holdsSecret, reservedVariable } from "../../nango/environment.ts";
import { variableProblem } from "../../nango/variables.ts";
import { type Check, when } from "../problem.ts";
import { shown } from "../shown.ts";
import { toRemove } from "../remedy.ts";

export const environment: Check = (choices, given) =>
  Object.entries(choices.environment).flatMap(([name, value]) => {
    const reason = reservedVariable(name);
    const problem = variableProblem(name, value);
    const isSecret = given.secretKeys.has("environment") || holdsSecret(name, value);
    const repeated = isSecret ? "(secret)" : shown(value);
    return [
      ...when(
        !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
        ["environment"],
        `nango:environment holds ${shown(name)}, which is not the name of an environment variable.\nLegal: letters, digits and _, not a digit first. Rename it.`,
      ),
      ...when(
        reason !== undefined,
        ["environment"],
        `nango:environment may not set ${name}: it ${reason}.\nRemove it ${toRemove(given.stack, "nango:environment", name)}`,
      ),
      ...when(
        reason === undefined && problem !== undefined,
        ["environment"],
        `nango:environment sets ${name} = ${repeated}, which ${problem}.\nMend it, or remove it ${toRemove(given.stack, "nango:environment", name)}`,
      ),
    ];
  });
