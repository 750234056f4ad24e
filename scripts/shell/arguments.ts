import type { Command } from "../../project/command.ts";
import { stackArgument } from "../../project/stack-argument.ts";
import { ofCalls } from "../permissions/of-command.ts";

/** What `npm run shell` takes. */
export const shell = {
  script: "shell",
  does:
    "Opens a shell in a running container of a stack: by aws ecs execute-command, with the credentials that deploy the stack, " +
    "or by docker exec. Says what is missing before it starts: nango:executeCommand, a command, a task.",
  arguments: [stackArgument],
  flags: {
    container: {
      type: "string",
      value: "name",
      default: "server",
      does: "The container. On AWS only the server lets a shell in.",
      without: "",
    },
    task: {
      type: "string",
      value: "id",
      does: "On AWS: a task, by the beginning of its ID, as npm run logs shows it.",
      without: "Default: one that lets a shell in.",
    },
  },
  permissions: ofCalls(async () => (await import("./aws.ts")).permissions),
  examples: [
    ["npm run shell -- dev", "a shell in the server of dev"],
    ["npm run shell -- local --container connect-ui", "one in Connect UI, on a laptop"],
  ],
  exitCodes: { 0: "The shell ended well.", 1: "Something is missing. Others are the shell's." },
} as const satisfies Command;
