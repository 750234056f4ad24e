import type { Command } from "../../project/command.ts";
import { stackArgument } from "../../project/stack-argument.ts";
import { ofCalls } from "../permissions/of-command.ts";

/** What `npm run doctor` takes. */
export const doctor = {
  script: "doctor",
  does:
    "Looks at a running Nango from outside, and at what its stack made through AWS's API, and says of each thing that " +
    "is not in order what to do. Changes nothing. Secrets of the stack are sent to its own address only, over verified " +
    "TLS, and are never shown. docs/doctor.md explains each check.",
  arguments: [
    {
      ...stackArgument,
      optional: true,
      does: "The stack. Without it --url says where Nango is, and what takes a key or AWS is not looked at.",
    },
  ],
  flags: {
    url: {
      type: "string",
      value: "url",
      does: "Where Nango is, as in https://nango.example.com. Any Nango can be looked at so.",
      without: "Default: the output url of the stack.",
    },
    slow: {
      type: "boolean",
      does: "Watches for 90 s, too, whether a websocket that is silent stays open.",
      without: "Without it everything takes some seconds.",
    },
    json: {
      type: "boolean",
      does: "Prints JSON, for programs.",
      without: "Default: a table.",
    },
  },
  permissions: ofCalls(async () => (await import("./aws/index.ts")).permissions()),
  examples: [
    ["npm run doctor -- dev", "everything that can be seen of the stack dev"],
    ["npm run doctor -- --url https://nango.example.com", "a Nango of which nothing else is known"],
  ],
  exitCodes: {
    0: "Nothing is broken.",
    1: "Something is, and stands there with a cross; or the stack cannot be read.",
  },
} as const satisfies Command;
