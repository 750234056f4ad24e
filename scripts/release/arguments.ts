import type { Command } from "../../project/command.ts";

/** What `npm run release` takes. */
export const release = {
  script: "release",
  does:
    "Cuts a release of this project: gives the section Unreleased of CHANGELOG.md its version and date, writes the version into " +
    "package.json, and records what the stacks that come with it are made of (test/releases), so that later versions are " +
    "rehearsed as updates of it. Commits and pushes nothing. Without a version it writes anew what today's program would " +
    "change about the stacks of each earlier release: a list to be reviewed.",
  arguments: [
    {
      name: "version",
      optional: true,
      does: "The version to cut, such as 0.2.0. Default: none, the lists of changes are written.",
    },
  ],
  flags: {},
  examples: [
    ["npm run release", "what today's program changes about stacks of earlier releases"],
    ["npm run release -- 0.2.0", "cuts 0.2.0"],
  ],
  exitCodes: { 0: "It is written.", 1: "It is refused; the message says why." },
} as const satisfies Command;
