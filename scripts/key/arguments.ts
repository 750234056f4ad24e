import type { Command } from "../../project/command.ts";
import { stackArgument } from "../../project/stack-argument.ts";
import { ofState } from "../permissions/of-command.ts";

/** What `npm run key` takes. */
export const key = {
  script: "key",
  does:
    "Prints the encryption key of a deployed stack, for safe keeping: without it nobody reads the credentials in the " +
    "database again. It comes from the stack's state, and goes to standard output alone. Asks before it is shown.",
  arguments: [stackArgument],
  flags: {
    yes: {
      type: "boolean",
      short: "y",
      does: "Shows the key without a question, also to a pipe.",
      without: "Default: asks at a terminal, and refuses elsewhere.",
    },
    check: {
      type: "boolean",
      does:
        "Shows nothing, and says whether a key that was kept is the stack's: it is typed in, or comes by standard input. Its " +
        "fingerprint is compared on this machine; the key is sent nowhere, and no passphrase is needed.",
      without: "Default: the key is shown.",
    },
  },
  permissions: ofState,
  examples: [
    ["npm run key -- dev", "the key of dev, once you have said yes"],
    ["npm run key -- dev --check", "whether a key that you type in is that of dev"],
  ],
  exitCodes: {
    0: "The key is shown; with --check, it is the stack's.",
    1: "It is not; the message says why.",
  },
} as const satisfies Command;
