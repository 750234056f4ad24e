// What the commands of package.json take, but for `npm start` (rehearsal/command-line.ts).

import type { Command } from "../project/command.ts";
import { stackArgument } from "../project/stack-argument.ts";
import { bootstrap } from "./bootstrap/arguments.ts";
import { ciCommands } from "./ci/arguments.ts";
import { browser } from "./browser/arguments.ts";
import { cost } from "./cost/arguments.ts";
import { database } from "./database/arguments.ts";
import { doctor } from "./doctor/arguments.ts";
import { key } from "./key/arguments.ts";
import { logs } from "./logs/arguments.ts";
import { changing, json, looking, replace, skipPolicies, skipPreflight } from "./pulumi/flags.ts";
import { rotate } from "./rotate/arguments.ts";
import { shell } from "./shell/arguments.ts";
import { permissions } from "./permissions/arguments.ts";
import { ofProgram, ofState } from "./permissions/of-command.ts";
import { preflight } from "./preflight/arguments.ts";
import { release } from "./release/arguments.ts";

const failed = { 0: "All went well.", 1: "It failed; the message says why." } as const;

const passedOn = {
  0: "All went well.",
  1: "Something is missing, or it would be refused. Others are the Pulumi CLI's.",
} as const;

/** What each command takes, by its name in package.json. */
export const commands = {
  preflight,
  preview: {
    script: "preview",
    does:
      "Asks Pulumi and AWS what a deployment of a stack would do, and changes nothing. Says first, in a line each, what is " +
      "missing: state backend, passphrase, credentials. Makes a stack that is new in the state backend. Says in the end which " +
      "policies are broken. `npm start` needs none of these.",
    arguments: [stackArgument],
    flags: { "skip-policies": skipPolicies, ...looking, replace },
    passesOnTo: "npx pulumi preview",
    permissions: ofProgram("preview"),
    examples: [
      ["npm run preview -- dev", "what a deployment would do"],
      [
        "npm run preview -- dev --diff --refresh",
        "the same, property by property, after a look at what is there",
      ],
    ],
    exitCodes: passedOn,
  },
  up: {
    script: "up",
    does:
      "Deploys a stack: shows what it would do, asks, and does it. Says first, in a line each, what is missing: state backend, " +
      "passphrase, credentials, what it would fail at on AWS (npm run preflight), and which policies are broken. Makes a stack that is new in the state backend with the secrets provider of its file. Ends with where Nango " +
      "is and what comes next; after a failure it explains what Pulumi's words leave out.",
    arguments: [stackArgument],
    flags: {
      "skip-preflight": skipPreflight,
      "skip-policies": skipPolicies,
      ...changing,
      ...looking,
      replace,
    },
    passesOnTo: "npx pulumi up",
    permissions: ofProgram("deploy"),
    examples: [
      ["npm run up -- dev", "deploys dev, once you have said yes"],
      ["npm run up -- production --yes", "deploys production without a question, as a pipeline does"],
    ],
    exitCodes: passedOn,
  },
  destroy: {
    script: "destroy",
    does:
      "Deletes everything of a stack. Refuses a stack that keeps data before anything is deleted, and says how to lift the " +
      "protection if that is meant: nango:allowDataLoss.",
    arguments: [stackArgument],
    flags: {
      ...changing,
      refresh: looking.refresh,
      target: looking.target,
      "target-dependents": looking["target-dependents"],
      exclude: looking.exclude,
      "exclude-protected": {
        type: "boolean",
        does: "Leaves what is protected.",
        without: "Default: it is refused.",
      },
      "preview-only": {
        type: "boolean",
        does: "Shows what would be deleted, and deletes nothing.",
        without: "Default: asks, and deletes.",
      },
      remove: {
        type: "boolean",
        does: "Forgets the stack afterwards, with its file.",
        without: "Default: both stay.",
      },
      json,
    },
    passesOnTo: "npx pulumi destroy",
    permissions: ofProgram("deploy"),
    examples: [
      ["npm run destroy -- dev --preview-only", "what would be deleted"],
      ["npm run destroy -- dev", "deletes it, once you have said yes"],
    ],
    exitCodes: passedOn,
  },
  outputs: {
    script: "outputs",
    does:
      "Shows what a deployed stack tells: where Nango is, how to log in, keys, and commands to copy. docs/outputs.md says what " +
      "each is. Of a stack whose first deployment failed it says what there is.",
    arguments: [stackArgument],
    flags: { json, "show-secrets": looking["show-secrets"] },
    passesOnTo: "npx pulumi stack output",
    permissions: ofState,
    examples: [
      ["npm run outputs -- dev", "the outputs, in lines to copy"],
      ["npm --silent run outputs -- dev --json", "the same for a program"],
    ],
    exitCodes: passedOn,
  },
  doctor,
  logs,
  shell,
  database,
  key,
  rotate,
  upgrade: {
    script: "upgrade",
    does:
      "Shows which release of Nango a stack has and which there are. With a version, writes that one into the stack's file, and " +
      "says how many database migrations lie between and whether there is a way back. It deploys nothing.",
    arguments: [
      stackArgument,
      {
        name: "version",
        optional: true,
        does: "The release to change to, such as 1.6.6. Default: none, the list is shown.",
      },
    ],
    flags: {
      "allow-downgrade": {
        type: "boolean",
        does: "Writes an older release, too, or one of which nobody can tell.",
        without: "Default: it is refused, since migrations are never undone.",
      },
      offline: {
        type: "boolean",
        does: "Takes the releases that this project knows.",
        without: "Default: reads Nango's own list, where it is reached.",
      },
    },
    examples: [
      ["npm run upgrade -- dev", "what dev has, and what there is"],
      ["npm run upgrade -- dev 1.6.6", "writes that release into stacks/Pulumi.dev.yaml"],
    ],
    exitCodes: failed,
  },
  env: {
    script: "env",
    does:
      "Prints the environment that a stack gives a container, for Compose, Render or Heroku (docs/environment.md): the rehearsed " +
      "one, or that of a deployed stack. Remarks go to standard error.",
    arguments: [stackArgument],
    flags: {
      service: {
        type: "string",
        default: "server",
        value: "container",
        does: "The container.",
        without: "",
      },
      format: {
        type: "string",
        default: "dotenv",
        value: "dotenv|json|compose",
        does: "The form.",
        without: "",
      },
      deployed: {
        type: "boolean",
        does: "Asks the state of the deployed stack.",
        without: "Default: rehearses it, which makes up host names and the like.",
      },
      "show-secrets": {
        type: "boolean",
        does: "With --deployed: prints secrets in the clear.",
        without: "Default: placeholders.",
      },
    },
    permissions: ofState,
    examples: [
      ["npm run --silent env -- dev", "what the server would get"],
      [
        "npm run --silent env -- dev --deployed --show-secrets --format json",
        "what the deployed one has, secrets included",
      ],
    ],
    exitCodes: failed,
  },
  permissions,
  bootstrap,
  cost,
  release,
  ...ciCommands,
  browser,
  reference: {
    script: "reference",
    does:
      "Writes what is derived from the code: the blocks `config:` and `template:` of Pulumi.yaml, and the tables of docs/configuration.md, " +
      "docs/outputs.md and docs/costs.md. Run it after a change of a setting, of an output or of what a size costs.",
    arguments: [],
    flags: {},
    examples: [
      ["npm run reference", "writes all of them"],
      ["npm run --silent reference", "the same, without npm's own lines"],
    ],
    exitCodes: failed,
  },
  pictures: {
    script: "pictures",
    does:
      "Draws the pictures of the pages into docs/pictures, on light and on dark paper: the architecture, and what npm start " +
      "prints. Run it after a change of what npm start prints.",
    arguments: [],
    flags: {},
    examples: [
      ["npm run pictures", "draws all of them"],
      ["npm run --silent pictures", "the same, without npm's own lines"],
    ],
    exitCodes: failed,
  },
  bench: {
    script: "bench",
    does:
      "Measures what npm start takes: time, memory, and both against an empty program under the same rehearsal. What is " +
      "compared runs in turns, so that a busy machine falls on all alike. Ends with where the time goes.",
    arguments: [],
    flags: {
      rounds: {
        type: "string",
        default: "5",
        value: "number",
        does: "How often each is run.",
        without: "",
      },
    },
    examples: [
      ["npm run bench", "takes a minute or two"],
      ["npm run bench -- --rounds 15", "the same, for figures to trust"],
    ],
    exitCodes: failed,
  },
  mutants: {
    script: "mutants",
    does:
      "Breaks the program on purpose, one fault of test/mutants after another, each in a copy of the project, and counts those " +
      "that no test sees. Takes half an hour or more for all of them; what earlier runs found for the same sources is kept.",
    arguments: [],
    flags: {
      only: {
        type: "string",
        value: "text",
        does: "Tries the faults that have this text in their names.",
        without: "Default: all faults.",
      },
      all: {
        type: "boolean",
        does: "Runs every test against each fault.",
        without: "Default: those alone that should see it.",
      },
      jobs: {
        type: "string",
        default: "1",
        value: "number",
        does: "How many faults are tried at once.",
        without: "",
      },
      again: {
        type: "boolean",
        does: "Forgets what earlier runs found for the same sources.",
        without: "Default: it is kept.",
      },
    },
    examples: [
      ["npm run mutants", "all of them"],
      ["npm run mutants -- --only certificate", "the faults about certificates"],
    ],
    exitCodes: { 0: "Every fault is seen.", 1: "A fault is not seen, or not found any more." },
  },
} as const satisfies Readonly<Record<string, Command>>;
