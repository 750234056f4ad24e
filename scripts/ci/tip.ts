// Whether what is checked out is still what its branch has.

import { UserError } from "../../project/user-error.ts";
import { git } from "./git.ts";

/** The commit that is checked out, and what the folder holds at it, whatever else the repository has. */
async function checkedOut(folder: string): Promise<{ readonly commit: string; readonly tree: string }> {
  const said = await git(folder, ["rev-parse", "--verify", "HEAD^{commit}"]);
  const tree = await git(folder, ["rev-parse", "--verify", "HEAD:./"]);
  if (said === undefined || tree === undefined)
    throw new UserError(
      `${folder} is no folder of a commit that is checked out: git cannot tell what it holds. Give a checkout of the branch as it is now.`,
    );
  return { commit: said.trim(), tree: tree.trim() };
}

/**
 * Compares the project's folder with that of a checkout of the branch; answers what to say of it.
 * @throws UserError where the branch has another one by now, with the way out.
 */
export async function judgeTip(directory: string, tip: string): Promise<string> {
  const [here, there] = await Promise.all([directory, tip].map(checkedOut));
  if (here!.tree === there!.tree) return `${here!.commit} has the project as the branch has it.`;
  throw new UserError(
    `${here!.commit} is not deployed: the branch is at ${there!.commit}, and the project differs there. To deploy the older of the two would ` +
      "take back what came after it. Go on with the newest run of the workflow Deploy, or start one by hand. What was there before " +
      "is deployed on purpose by the workflow Roll back.",
  );
}
