import type { Command } from "../../project/command.ts";
import { stackArgument } from "../../project/stack-argument.ts";
import { ofCalls } from "../permissions/of-command.ts";

/** What `npm run logs` takes. */
export const logs = {
  script: "logs",
  does:
    "Shows what the containers of a stack printed, a line each with time (UTC), container and, on AWS, the beginning of the " +
    "task's ID. Colours are left out, and control characters stand there as \\u001b, since what is logged could drive the terminal. Ends by itself unless it is to follow. Works, too, after a first deployment that failed.",
  arguments: [stackArgument],
  flags: {
    since: {
      type: "string",
      value: "1h",
      does: "How far back: 90s, 30m, 1h, 2d, 1w, or a moment such as 2026-11-26T08:00:00Z.",
      without: "Default: 1h, with --migration 1d.",
    },
    filter: {
      type: "string",
      value: "text",
      does: "Shows the lines with this text, in which capitals count.",
      without: "Default: all lines.",
    },
    task: {
      type: "string",
      value: "id",
      does: "Shows the lines of one task, by its ID or the beginning of it. On AWS only.",
      without: "Default: all tasks.",
    },
    migration: {
      type: "boolean",
      does: "Shows what runs before a deployment: migrations, and the checks of Redis and of the logs store.",
      without: "Default: all containers.",
    },
    follow: {
      type: "boolean",
      does: "Goes on with what is printed, until Ctrl-C.",
      without: "Default: ends with what there is.",
    },
  },
  permissions: ofCalls(async () => (await import("./aws.ts")).permissions),
  examples: [
    ["npm run logs -- dev --follow", "what the containers of dev print, from an hour ago on"],
    ["npm run logs -- dev --since 2d --filter error", "what they printed about errors in two days"],
  ],
  exitCodes: { 0: "What there is has been shown.", 1: "It cannot be read; the message says why." },
} as const satisfies Command;
