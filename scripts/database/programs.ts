import { UserError } from "../../project/user-error.ts";
import { findOnPath } from "../pulumi/cli.ts";

const pages: Readonly<Record<string, string>> = {
  aws: "the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
  "session-manager-plugin":
    "the AWS CLI's plugin for sessions: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
};

const postgresPrograms =
  "of Postgres' client programs, in the version of the database or a newer one: https://www.postgresql.org/download/";

/** @throws UserError that names what is missing on this machine, all of it. */
export function refuseWithout(commands: readonly string[]): void {
  const missing = commands.filter((command) => findOnPath(command, process.env) === undefined);
  if (missing.length > 0)
    throw new UserError(
      missing
        .map((command) => `The command ${command} is missing, ${pages[command] ?? postgresPrograms}`)
        .join("\n"),
    );
}
