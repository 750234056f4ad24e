import type { Command } from "../../project/command.ts";
import { stackArgument } from "../../project/stack-argument.ts";
import { ofCalls } from "../permissions/of-command.ts";

/** What can be done with a database that is reached. */
export const deeds = ["psql", "dump", "restore", "tunnel"] as const;

export type Deed = (typeof deeds)[number];

/** What `npm run database` takes. */
export const database = {
  script: "database",
  does:
    "Reaches the database of a deployed stack: psql, a dump, a dump that is put back, or a forwarded port for another program. On " +
    "AWS it starts a task for it, whose only use is the port that Session Manager forwards through it, and stops it in the end; " +
    "TLS is verified all the way. psql reads only, unless --write is given. Says what is missing on this machine before it starts.",
  arguments: [
    stackArgument,
    {
      name: "deed",
      optional: true,
      among: () => deeds,
      does: "psql, dump (into --file), restore (from --file), or tunnel, which keeps the port open until Ctrl-C. Default: psql.",
    },
  ],
  flags: {
    records: {
      type: "boolean",
      does: "The records database, where it is another one.",
      without: "Default: the main one.",
    },
    command: {
      type: "string",
      short: "c",
      value: "sql",
      does: "With psql: runs this and ends.",
      without: "Default: psql asks.",
    },
    file: {
      type: "string",
      short: "f",
      value: "path",
      does: "The dump that is written, in the custom format of pg_dump, or put back.",
      without: "Default: none; dump and restore need it.",
    },
    write: {
      type: "boolean",
      does: "With psql and tunnel: lets transactions write.",
      without: "Default: they read only, unless they say that they write.",
    },
    host: {
      type: "string",
      value: "name",
      does: "Another server with the same user, password and database, such as an instance that was restored beside it.",
      without: "Default: the stack's own.",
    },
    port: {
      type: "string",
      value: "number",
      does: "The port of this machine that leads there.",
      without: "Default: a free one.",
    },
    yes: {
      type: "boolean",
      short: "y",
      does: "Puts a dump back without a question.",
      without: "Default: asks at a terminal, and refuses elsewhere.",
    },
  },
  permissions: ofCalls(async () => (await import("./tunnel.ts")).permissions),
  examples: [
    ["npm run database -- dev", "psql in the database of dev, which reads only"],
    ["npm run database -- dev dump --file dev.dump", "all of it in a file"],
  ],
  exitCodes: {
    0: "It ended well.",
    1: "Something is missing. Others are those of psql, pg_dump and pg_restore.",
  },
} as const satisfies Command;
