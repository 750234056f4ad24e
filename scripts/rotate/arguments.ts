import { rotatable } from "../../infra/config/settings/secrets.ts";
import type { Command } from "../../project/command.ts";
import { stackArgument } from "../../project/stack-argument.ts";
import { ofProgram } from "../permissions/of-command.ts";

/** What `npm run rotate` takes. */
export const rotate = {
  script: "rotate",
  does:
    "Makes a generated secret of a deployed stack anew: says what that logs out and breaks, raises the secret's number in " +
    "nango:rotate of the stack's file, and deploys, which asks. Where nothing was deployed, the file is as it was. What the stack " +
    "was given, and the encryption key, is not made anew: it says what to do instead. docs/rotate.md tells of each.",
  arguments: [
    stackArgument,
    { name: "secret", does: "The secret that is made anew.", among: () => rotatable },
  ],
  flags: {
    yes: {
      type: "boolean",
      short: "y",
      does: "Deploys without a question.",
      without: "Default: npm run up shows what it would do, and asks.",
    },
    write: {
      type: "boolean",
      does: "Raises the number and deploys nothing: for a review, after which the next deployment does it.",
      without: "Default: it is deployed.",
    },
  },
  permissions: ofProgram("deploy"),
  examples: [
    ["npm run rotate -- dev dashboard", "a new password for the dashboard"],
    ["npm run rotate -- production database --write", "the same of the database, for a pull request"],
  ],
  exitCodes: {
    0: "The new value is in use; with --write, its number is in the stack's file.",
    1: "It cannot be made anew, or the deployment did not end well; the message says why.",
  },
} as const satisfies Command;
