import { readLogsUrl } from "../../nango/connection-url.ts";
import { instanceTypeProblem, lineProblem } from "../rules/format.ts";
import { thrown } from "../thrown.ts";
import { only } from "./condition.ts";
import { choice, integer, optionalChoice, optionalText, presetInteger } from "./setting.ts";

const searchTypeProblem = instanceTypeProblem(
  "",
  ".search",
  "t3.small.search",
  "an OpenSearch instance type",
);

/** The settings of the logs that the dashboard shows. */
export const logs = {
  logs: choice({
    change: ["adds resources", "restarts Nango", "leaves data behind"],
    values: ["stdout", "opensearch", "external"],
    default: "stdout",
    description:
      "Where Nango keeps the logs that its dashboard shows: nowhere, only in the containers' output (stdout), in an OpenSearch domain of the stack, or in a store of yours (external).",
    example: "opensearch",
  }),
  logsRetentionDays: integer({
    needs: only("logs", "opensearch", "external"),
    change: ["restarts Nango"],
    least: 1,
    most: 365,
    default: 15,
    description: "How long those logs are kept, in days.",
    example: "30",
  }),
  logsProvider: optionalChoice({
    needs: only("logs", "external"),
    change: ["restarts Nango"],
    missing: "none",
    values: ["elasticsearch", "opensearch"],
    description: "With external: what the store is.",
    example: "elasticsearch",
  }),
  logsUrl: optionalText({
    needs: only("logs", "external"),
    change: ["restarts Nango", "leaves data behind"],
    legal: "none, or https://host:port, or https://host:port/path, without user and password",
    description: "With external: the store's URL.",
    example: "https://logs.example.com:9243",
    // https://www.elastic.co/docs/deploy-manage/deploy/elastic-cloud/find-cloud-id
    check: (value) =>
      /^[^:/]*:[A-Za-z0-9+/]{20,}={0,2}$/.test(value)
        ? "is a Cloud ID of Elastic; give the endpoint of its Elasticsearch, which begins with https://"
        : thrown(() => readLogsUrl(value)),
  }),
  logsUser: optionalText({
    needs: only("logs", "external"),
    change: ["restarts Nango"],
    legal: "none, or a user",
    description: "With external: the store's user.",
    example: "nango",
    check: lineProblem,
  }),
  logsPassword: optionalText({
    needs: only("logs", "external"),
    change: ["restarts Nango"],
    secret: true,
    legal: "none, or a password",
    description: "With external: the user's password.",
    example: "s3cret",
    check: lineProblem,
  }),
  searchInstanceType: optionalText({
    target: "aws",
    needs: only("logs", "opensearch"),
    change: ["replaces nodes"],
    missing: "preset",
    legal: "preset, or an OpenSearch instance type",
    description: "With opensearch: the instance type of the domain's data nodes.",
    example: "r7g.large.search",
    check: searchTypeProblem,
  }),
  searchInstanceCount: presetInteger({
    target: "aws",
    needs: only("logs", "opensearch"),
    change: ["replaces nodes"],
    least: 1,
    most: 30,
    description: "With opensearch: the number of data nodes, a multiple of the availability zones.",
    example: "3",
  }),
  searchMasterType: optionalText({
    target: "aws",
    needs: only("logs", "opensearch"),
    change: ["replaces nodes"],
    missing: "preset",
    legal: "preset, none, or an OpenSearch instance type",
    description:
      "With opensearch: the instance type of three dedicated master nodes. Preset: none in small, else one that goes with the data nodes.",
    example: "m7g.large.search",
    check: (value) => (value === "none" ? undefined : searchTypeProblem(value)),
  }),
  searchVolumeGb: presetInteger({
    target: "aws",
    needs: only("logs", "opensearch"),
    change: ["replaces nodes"],
    least: 10,
    most: 16384,
    description: "With opensearch: the storage of one data node, in GiB.",
    example: "50",
  }),
};
