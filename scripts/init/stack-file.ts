// The text of a new stack's file.

import { wrapped } from "../../project/text.ts";
import { stringifyForPulumi } from "../../project/yaml.ts";
import { type Answers, type Configuration, configurationOf, type Given, none } from "./answers.ts";
import { sizeText } from "./judgement.ts";

const width = 100;

/** Lines of a comment. */
function comment(text: string, indent: string): string[] {
  return wrapped(text, width - indent.length - 2).map((line) => `${indent}# ${line}`);
}

/** What a stack's file says of a key, by the key without the project's namespace. */
function remarks(answers: Given): Readonly<Record<string, string>> {
  const { stack = "", size = "small", region, hostedZone } = answers;
  return {
    "aws:region": "Everything is created in this region. It stays with the first deployment.",
    "aws:profile":
      "Whose credentials are used: a profile of your own machine. Take the line away where others deploy, or a pipeline.",
    "aws:defaultTags": "What everything is tagged with that takes tags.",
    target: "Nango runs in containers on the local Docker engine.",
    size: `${sizeText(size, region)}. The sizes are small, medium and large; each value that they decide has a key of its own.`,
    domain: "The API and the dashboard. Connect UI, the page that your users see, gets connect.<domain>.",
    hostedZone: `The Route 53 zone that holds the domain${/^Z[A-Z0-9]+$/.test(hostedZone ?? "") ? ", by its ID" : ""}.`,
    certificateArn: `A certificate for both names, since DNS is elsewhere. The output dnsRecords of npm run outputs -- ${stack} says which records to make.`,
    insecureHttp:
      "No domain yet: plain HTTP, which everyone on the way can read, and no Connect UI. For a first look only.",
    allowedCidrs: "Who reaches Nango at all.",
  };
}

/** Something that somebody may want next: what it is, and what it takes. */
interface Suggestion {
  readonly remark: string;
  readonly keys: Configuration;
}

const onDocker: readonly Suggestion[] = [
  {
    remark: "The ports 3003 and 3009 are taken?",
    keys: { "nango:dockerServerPort": "13003", "nango:dockerConnectPort": "13009" },
  },
  {
    remark: "The logs that the dashboard shows, in an OpenSearch container of 2 GiB.",
    keys: { "nango:logs": "opensearch" },
  },
  {
    remark: "Proxied requests to programs on this machine, at http://host.docker.internal:<port>.",
    keys: { "nango:allowPrivateAddresses": "true" },
  },
  {
    remark: "A Docker engine that is reached through its context only (docker context ls).",
    keys: { "docker:context": "desktop-linux" },
  },
];

/** What the file of a stack suggests, of which only the `#` has to go. */
function suggestions({ target, domain = none }: Given): readonly Suggestion[] {
  if (target === "docker") return onDocker;
  const parent = domain.split(".").slice(1).join(".");
  return [
    {
      remark: "Keeps a deployment out of any other account.",
      keys: { "aws:allowedAccountIds": ["123456789012"] },
    },
    ...(parent.includes(".")
      ? [{ remark: "Another name for Connect UI.", keys: { "nango:connectDomain": `connect.${parent}` } }]
      : []),
    ...(domain === none
      ? []
      : [{ remark: "Who reaches Nango.", keys: { "nango:allowedCidrs": ["203.0.113.0/24"] } }]),
    {
      remark: "The logs that the dashboard shows, in an OpenSearch domain.",
      keys: { "nango:logs": "opensearch" },
    },
    {
      remark: "For how many days the containers' output is kept.",
      keys: { "nango:containerLogRetentionDays": "90" },
    },
    {
      remark: "Accounts of their own for the people of the dashboard: docs/operate.md.",
      keys: { "nango:dashboardAuth": "accounts" },
    },
  ];
}

/** The lines of a map's entries. */
function entries(configuration: Configuration, indent: string): string[] {
  const text = stringifyForPulumi(configuration);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => indent + line);
}

/** The same, each entry on a line. */
function lines(configuration: Configuration, indent: string): string[] {
  return Object.entries(configuration).map(
    ([key, value]) =>
      `${indent}${key}: ${stringifyForPulumi(value, { collectionStyle: "flow", flowCollectionPadding: false }).trimEnd()}`,
  );
}

/**
 * The text of a stack's file: each value with what it is, then what may come next.
 * @param secretsProvider What the stack is to be made with, where it is not the backend's own.
 */
export function stackFileText(
  answers: Given & Pick<Answers, "stack">,
  secretsProvider: string | undefined,
): string {
  const { stack, target } = answers;
  const remarkOf = remarks(answers);
  const configuration = Object.entries(configurationOf(answers));
  const where = target === "docker" ? "on the local Docker engine" : "in an AWS account";
  return [
    `# Nango ${where}, begun by \`npm run init\`. This file is yours: no update of the project`,
    "# changes it. Commit it: what is secret in it is encrypted. After a change:",
    `#   npm start -- ${stack}    shows what comes of it`,
    `#   npm run up -- ${stack}   deploys it`,
    "config:",
    ...configuration.flatMap(([key, value]) => [
      ...comment(remarkOf[key.replace("nango:", "")] ?? "", "  "),
      ...entries({ [key]: value }, "  "),
    ]),
    "  # Next, perhaps, each without its #. Every key: docs/configuration.md.",
    ...suggestions(answers).flatMap(({ remark, keys }) => [...comment(remark, "  "), ...lines(keys, "  # ")]),
    ...(secretsProvider === undefined
      ? []
      : ["# What encrypts the stack's secrets. It is made with it.", `secretsprovider: ${secretsProvider}`]),
    "",
  ].join("\n");
}
