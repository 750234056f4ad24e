import type { Command } from "../../project/command.ts";
import { stackArgument } from "../../project/stack-argument.ts";
import { ofCalls } from "../permissions/of-command.ts";

/** What `npm run preflight` takes. */
export const preflight = {
  script: "preflight",
  does:
    "Looks for what a deployment of a stack would fail at, before it begins: credentials, permissions, quotas, instance " +
    "classes, DNS, certificate, a network of yours, the image. Says what to do about each. Reads only, and changes nothing. " +
    "npm run up does the same first. docs/preflight.md explains each check.",
  arguments: [stackArgument],
  flags: {
    json: {
      type: "boolean",
      does: "Prints JSON, for programs.",
      without: "Default: a table.",
    },
  },
  permissions: ofCalls(async () => (await import("./actions.ts")).permissions()),
  examples: [
    ["npm run preflight -- dev", "everything that can be known before dev is deployed"],
    ["npm run --silent preflight -- dev --json", "the same for a program"],
  ],
  exitCodes: {
    0: "Nothing is in the way.",
    1: "Something is, and stands there with a cross; or there is no such stack.",
  },
} as const satisfies Command;
