import { databaseIsMade, only } from "./condition.ts";
import { integer, text } from "./setting.ts";

/** What is wrong with an image whose name can come to mean another one, or undefined. */
const imageProblem = (value: string): string | undefined => {
  if (/@sha256:[0-9a-f]{64}$/.test(value)) return undefined;
  const tag = /:([^/:]+)$/.exec(value)?.[1];
  return tag !== undefined && /^v?\d+\.\d+/.test(tag)
    ? undefined
    : "names neither a digest nor a full version, so that it can come to mean another image";
};

/** What is wrong with an image of OpenSearch, by its tag: the client that Nango has is made for the second version. */
const opensearchProblem = (value: string): string | undefined => {
  const major = /:v?(\d+)\.[^/:@]*(?:@|$)/.exec(value)?.[1];
  return major === undefined || major === "2"
    ? imageProblem(value)
    : `is OpenSearch ${major}, but Nango's client is made for OpenSearch 2`;
};

const image = (default_: string, description: string) => ({
  target: "docker" as const,
  default: default_,
  legal: "repository:version, repository@sha256:<64 hexadecimal digits>, or both",
  description,
  example: default_,
  check: imageProblem,
});

const port = (default_: number, whose: string) => ({
  target: "docker" as const,
  least: 1024,
  most: 65535,
  default: default_,
  description: `The port of 127.0.0.1 at which ${whose}.`,
  example: String(default_ + 10000),
});

const memory = (default_: number, least: number, description: string) => ({
  target: "docker" as const,
  least,
  most: 65536,
  default: default_,
  description,
  example: String(default_ * 2),
});

/** The settings of a stack on a Docker engine. */
export const docker = {
  dockerServerPort: integer({
    ...port(3003, "the API and the dashboard are reached"),
    change: ["restarts Nango"],
  }),
  dockerConnectPort: integer({ ...port(3009, "Connect UI is reached"), change: ["restarts Nango"] }),
  dockerServerMemory: integer({
    ...memory(2048, 512, "The most memory that Nango's server may take, in MiB."),
    change: ["in place"],
  }),
  dockerPostgresMemory: integer({
    ...memory(512, 256, "The most memory that Postgres may take, in MiB."),
    needs: databaseIsMade,
    change: ["in place"],
  }),
  dockerOpensearchMemory: integer({
    ...memory(
      2048,
      1024,
      "With opensearch: the most memory that OpenSearch may take, in MiB. Half of it is its heap.",
    ),
    needs: only("logs", "opensearch"),
    change: ["restarts the log store"],
  }),
  dockerPostgresImage: text({
    ...image(
      "postgres:16.15@sha256:f1c3376c26f2609ab9f29f71f824103fe2fcd8ee0346485cb6122a4f93df6f94",
      "The image of Postgres. Another major version does not read the data of this one.",
    ),
    needs: databaseIsMade,
    change: ["restarts the database"],
    changeNote: "With another major version it does not start on the data that is there.",
  }),
  dockerValkeyImage: text({
    ...image(
      "valkey/valkey:8.1.9-alpine@sha256:e0eb7c480958d32bdc4357a74bdd70653ae15f2f9b4c93c4a5a9fad1dc471c84",
      "With a container as Redis: the image of Valkey.",
    ),
    needs: only("redis", "container"),
    change: ["restarts Redis"],
  }),
  dockerOpensearchImage: text({
    ...image("opensearchproject/opensearch:2.19.4", "With opensearch: the image of OpenSearch 2."),
    check: opensearchProblem,
    needs: only("logs", "opensearch"),
    change: ["restarts the log store"],
  }),
};
