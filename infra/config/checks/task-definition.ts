import { holdsSecret } from "../../nango/environment.ts";
import { taskCommand, type TaskScript } from "../../nango/task-script.ts";
import type { Choices } from "../choices.ts";
import { type Check, when } from "../problem.ts";
import { databaseCertificates } from "../resolve-aws.ts";
import type { GivenConfiguration } from "../values.ts";

/**
 * What a task definition may have, in bytes of JSON: "Actual length: '66420'. Max allowed length is '65536' bytes."
 * https://github.com/awsdocs/amazon-ecs-developer-guide/pull/149
 */
const mostBytes = 65_536;

/** A container's image, log configuration and the like, and what this project gives it of environment and secrets. */
const containerBytes = 1_000;
const ownEnvironmentBytes = 5_000;

/** A secret is given by its address in Secrets Manager, which has some 150 characters besides the name. */
const secretAddressBytes = 200;

/** The bytes of a value in JSON as it travels to AWS, where <, > and & take six each. */
function jsonBytes(value: unknown): number {
  const json = JSON.stringify(value);
  return Buffer.byteLength(json) + 5 * (json.match(/[<>&]/g)?.length ?? 0);
}

/** What the migration's task definition, the larger of the two, is made of: bytes by what takes them. */
export function taskDefinitionBytes(choices: Choices, given: GivenConfiguration) {
  const certificates = databaseCertificates(choices) ?? "";
  const own = choices.trustedCaPem ?? "";
  const steps: TaskScript[] = [
    ...(certificates === "" ? [] : (["write-certificates"] as const)),
    ...(choices.redis !== "none" ? (["redis"] as const) : []),
    ...(choices.logs === "stdout" ? [] : (["logs-store"] as const)),
    "migrate",
  ];
  const variables = Object.entries(choices.environment).map(([name, value]) =>
    given.secretKeys.has("environment") || holdsSecret(name, value)
      ? 2 * name.length + secretAddressBytes
      : jsonBytes({ name, value }) + ",".length,
  );
  const texts = [
    choices.smtpFrom,
    choices.dashboardUser,
    choices.websocketsPath,
    choices.logsUrl,
    choices.logsUser,
  ];
  return {
    environment: sum(variables),
    trustedCaPem: own === "" ? 0 : jsonBytes(own),
    rest:
      jsonBytes(certificates) -
      (own === "" ? 0 : jsonBytes(own)) +
      sum(steps.map((step) => jsonBytes(taskCommand(step)) + containerBytes)) +
      sum(texts.map((text) => jsonBytes(text ?? ""))) +
      ownEnvironmentBytes,
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

const grouped = (bytes: number) => bytes.toLocaleString("en-US");

/** Found out by AWS, it would be after everything else has been made. */
export const room: Check = (choices, given) => {
  if (choices.region === undefined) return [];
  const { environment, trustedCaPem, rest } = taskDefinitionBytes(choices, given);
  const total = environment + trustedCaPem + rest;
  const parts = [
    `nango:environment ${grouped(environment)}`,
    ...(trustedCaPem === 0 ? [] : [`nango:trustedCaPem ${grouped(trustedCaPem)}`]),
    `this project's own steps ${grouped(rest)}`,
  ];
  return when(
    total > mostBytes,
    ["environment", "trustedCaPem"],
    `the migration's task definition would take ${grouped(total)} bytes, but ECS takes ${grouped(mostBytes)}: ${parts.join(", ")}.\nSpare ${grouped(total - mostBytes)} bytes: ${trustedCaPem > environment ? "give only the authorities that your servers' certificates come from, or shorten nango:environment" : "shorten nango:environment, or store it with --secret: its values then lie in Secrets Manager"}.`,
  );
};
