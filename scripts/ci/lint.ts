import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../project/user-error.ts";

/** https://github.com/rhysd/actionlint/releases */
const ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

/**
 * Runs actionlint on the workflows of a project, with shellcheck; answers its exit code.
 * @throws UserError where one of the programs is missing, without which less would be looked at.
 */
export function lintWorkflows(directory: string): number {
  const needed = [
    ["shellcheck", ["--version"], "https://www.shellcheck.net, or apt-get install shellcheck"],
    ["go", ["version"], "https://go.dev/dl"],
  ] as const;
  for (const [program, args, where] of needed)
    if (spawnSync(program, args).status !== 0)
      throw new UserError(
        `The command ${program} is missing, without which workflows are not linted: ${where}.`,
      );
  const folder = path.join(directory, ".github/workflows");
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".yml"))
    .map((file) => path.join(folder, file));
  const args = ["run", ACTIONLINT, "-shellcheck", "shellcheck", ...files];
  return spawnSync("go", args, { stdio: "inherit" }).status ?? 1;
}
