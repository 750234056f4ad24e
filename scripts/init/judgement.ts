// What is wrong with an answer, by the rules of the program itself.

import { parseConfiguration } from "../../infra/config/parse.ts";
import { ConfigurationError, type Problem } from "../../infra/config/problem.ts";
import { hostedZoneIdPattern } from "../../infra/config/rules/format.ts";
import { settings, type SettingName } from "../../infra/config/settings.ts";
import { textOf } from "../../project/yaml.ts";
import type { StackConfig } from "../../infra/config/stack-config.ts";
import { type AnswerName, configurationOf, type Given, listOf, none } from "./answers.ts";

const someRegion = "eu-central-1";

/** Legal answers for the questions that are open, so that what is found wrong is the answer that is judged. */
function assumed({ region = someRegion, hostedZone = none, domain }: Given): Given {
  const certificateArn = settings.certificateArn.example.replace(`:${someRegion}:`, `:${region}:`);
  const isElsewhere = hostedZone === none && domain !== undefined && domain !== none;
  return {
    stack: "dev",
    target: "aws",
    region,
    size: "small",
    domain: domainIn(hostedZone),
    ...(isElsewhere && { certificateArn }),
  };
}

/** A domain that a zone may hold. */
function domainIn(zone: string): string {
  if (zone === none) return none;
  return `nango.${hostedZoneIdPattern.test(zone) ? "example.com" : zone.replace(/\.$/, "")}`;
}

/** What the program makes of answers. */
function read(answers: Given): StackConfig<string> {
  const configuration = Object.entries(configurationOf(answers));
  const texts = (wanted: boolean) =>
    configuration
      .filter(([key]) => key.startsWith("nango:") === wanted)
      .map(([key, value]) => [key.replace(/^nango:/, ""), textOf(value)] as const);
  const others = Object.fromEntries(texts(false));
  const given = {
    stack: answers.stack ?? "dev",
    region: others["aws:region"],
    values: Object.fromEntries(texts(true)),
    secretKeys: new Set<string>(),
    others,
  };
  return parseConfiguration(given, (text) => text).config;
}

/**
 * What the program would find wrong with an answer, in a sentence; undefined for nothing.
 * @param answers What was answered before, which is right, and the answer that is judged.
 */
export function problemWith(name: AnswerName, answers: Given): string | undefined {
  const found = problems({ ...assumed(answers), ...answers });
  const own = found.find(({ keys }) => keys.includes(name as SettingName)) ?? found[0];
  // The lines after the first say how to set a key that a file has already.
  return own?.message
    .split("\n")[0]
    ?.replace(/^(?:nango|aws):\w+ = /, "")
    .replace(
      /^.* has an item \(the (\d+)\. of \d+\) that /,
      (_, nth: string) => `"${listOf(answers[name] ?? "")[Number(nth) - 1]}" `,
    );
}

function problems(answers: Given): readonly Problem[] {
  try {
    read(answers);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

const count = (number: number, one: string) => `${number} ${one}${number === 1 ? "" : "s"}`;

/** What a size comes to: tasks, database, way out, and what Nango answers at full scale. */
export function sizeText(size: string, region = someRegion): string {
  const config = read({ target: "aws", region, size, domain: none });
  if (config.target !== "aws" || config.database.kind !== "rds") return "";
  const { service, database, network, redis, apiRateLimitPerMinute: limit } = config;
  const tasks =
    service.replicas === service.maxReplicas
      ? count(service.replicas, "task")
      : `${service.replicas} to ${service.maxReplicas} tasks`;
  const nat = network.kind === "created" ? { none: 0, single: 1, perAz: network.zones }[network.nat] : 0;
  return [
    `${limit.toLocaleString("en")} API calls a minute`,
    `${tasks} of ${service.cpu / 1024} vCPU and ${service.memory / 1024} GiB`,
    `${database.instanceClass}${database.multiAz ? " with a standby" : ""}`,
    ...(redis.kind === "elasticache" ? ["Valkey"] : []),
    ...(nat > 0 ? [count(nat, "NAT gateway")] : []),
  ].join(", ");
}
