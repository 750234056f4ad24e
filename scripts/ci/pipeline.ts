// The variable NANGO_PIPELINE: where each stack of a pipeline is, and by which roles it is reached.

import { z } from "zod";
import { shown } from "../../infra/config/shown.ts";
import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";

/** A text of a form, and what the form is for a message. */
const text = (form: RegExp, legal: string) => z.string({ error: legal }).regex(form, legal);

const role = text(/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, "the ARN of a role");
const object = "an object with keys";
const stackName = /^[A-Za-z0-9._-]+$/;

const stack = z.object(
  {
    account: text(/^\d{12}$/, "the twelve digits of an account's ID"),
    region: text(/^[a-z0-9-]+$/, "a region of AWS"),
    /** The GitHub environment of its deployments. */
    environment: text(/./, "the name of an environment"),
    /** For PULUMI_BACKEND_URL. */
    backend: text(/^[a-z0-9]+:\S+$/, "a URL, such as s3://bucket?region=eu-central-1"),
    secretsProvider: z.string("a URL").optional(),
    /** Whether a pull request may preview it: who previews reads its secrets. */
    pullRequests: z.boolean("true or false").default(false),
    roles: z.object({ preview: role, deploy: role, drift: role }, object),
  },
  object,
);

const pipeline = z.record(z.string().regex(stackName), stack, {
  error: ({ code }) => (code === "invalid_key" ? "the name of a stack" : object),
});

export type PipelineStack = z.infer<typeof stack>;
/** By the stacks' names, in the order of their deployment. */
export type Pipeline = z.infer<typeof pipeline>;

/**
 * Reads the variable; without it no stack is deployed by a pipeline.
 * @throws UserError for a text that is none, with what is wrong and what would be legal.
 */
export function readPipeline(given: string | undefined): Pipeline {
  if (given === undefined || given.trim() === "") return {};
  const json = jsonOf(given);
  const result = pipeline.safeParse(json);
  if (result.success) return result.data;
  const wrong = result.error.issues.map(({ path, code, message }) =>
    code === "invalid_key"
      ? `${JSON.stringify(path.at(-1))} in it is no name of a stack`
      : `${path.map((key) => String(key)).join(".")} is ${valueText(json, path)}. Legal: ${message}`,
  );
  throw notPrinted(wrong);
}

function jsonOf(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch (error) {
    throw notPrinted([
      `${shown(given)} is no JSON (${error instanceof Error ? error.message : String(error)})`,
    ]);
  }
}

function valueText(json: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>(
    (inner, key) => (isRecord(inner) ? inner[String(key)] : undefined),
    json,
  );
  if (value === undefined) return "missing";
  return shown(typeof value === "string" ? value : JSON.stringify(value));
}

function notPrinted(wrong: readonly string[]): UserError {
  return new UserError(
    [
      "The variable NANGO_PIPELINE is not what npm run bootstrap prints:",
      ...wrong.map((line) => `  - ${line.replace(/^ is /, "it is ")}`),
      "npm run bootstrap -- --variables prints it once more, with the command that sets it (docs/bootstrap.md).",
    ].join("\n"),
  );
}

/** @throws UserError for a stack that the pipeline does not have. */
export function stackOf(all: Pipeline, name: string): PipelineStack {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(all);
  throw new UserError(
    `The pipeline has no stack "${name}": ${names.length === 0 ? "NANGO_PIPELINE is not set" : `NANGO_PIPELINE has ${names.join(", ")}`}. ` +
      "npm run bootstrap makes roles for a stack and prints that variable (docs/bootstrap.md).",
  );
}

/**
 * Whether a stack is there to practise restoring, by its name: `drill`, or one that ends with `-drill`. It is deployed by a drill,
 * which deletes it again, and by nothing else.
 */
export function isForDrills(stack: string): boolean {
  return /(?:^|-)drill$/.test(stack);
}
