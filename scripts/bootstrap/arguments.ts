import type { Command } from "../../project/command.ts";
import { ofProgram } from "../permissions/of-command.ts";

/** What `npm run bootstrap` takes. */
export const bootstrap = {
  script: "bootstrap",
  does:
    "Prepares an AWS account for a pipeline: a bucket for states, a key for secrets, and roles that jobs of your repository may " +
    "have, without any password. Shows what it would make, and asks. Ends with the variables that the pipeline takes. Run it " +
    "with an administrator's credentials, and again whenever a stack takes other permissions. docs/bootstrap.md",
  arguments: [
    {
      name: "account",
      optional: true,
      does: "A name for the account, where there are several: bootstrap/Pulumi.<account>.yaml. Default: ci.",
    },
  ],
  flags: {
    github: {
      type: "string",
      value: "owner/repository",
      does: "Begins the file: jobs of this repository on GitHub get the roles.",
      without: "Default: the remote origin, where that is on GitHub.",
    },
    gitlab: {
      type: "string",
      value: "group/project@ID",
      does: "Begins the file: jobs of this project on GitLab.com get the roles.",
      without: "Default: none.",
    },
    stack: {
      type: "string",
      multiple: true,
      value: "name",
      does: "Begins the file: a stack that the pipeline deploys, the first one first.",
      without: "Default: all that are on AWS and have a domain of yours.",
    },
    branch: {
      type: "string",
      value: "name",
      does: "Begins the file: the branch whose jobs deploy.",
      without: "Default: main.",
    },
    region: {
      type: "string",
      value: "region",
      does: "Begins the file: where the bucket and the key are made.",
      without: "Default: that of the first stack.",
    },
    yes: {
      type: "boolean",
      short: "y",
      does: "Asks nothing.",
      without: "Default: shows what it would do, and asks.",
    },
    "preview-only": {
      type: "boolean",
      does: "Shows what it would do, and does nothing.",
      without: "Default: does it.",
    },
    variables: {
      type: "boolean",
      does: "Prints the variables and what comes next once more, and deploys nothing.",
      without: "Default: deploys.",
    },
  },
  permissions: ofProgram("deploy", { folder: "bootstrap", stacks: ["ci", "example"] }),
  examples: [
    [
      "npm run bootstrap -- --github acme/nango --stack dev --stack production",
      "writes bootstrap/Pulumi.ci.yaml, and prepares the account",
    ],
    ["npm run bootstrap", "the same again, after a change of that file or of a stack"],
  ],
  exitCodes: {
    0: "The account is prepared.",
    1: "The configuration is wrong, or something is missing. Others are the Pulumi CLI's.",
  },
} as const satisfies Command;
