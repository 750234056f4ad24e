// The variable NANGO_PIPELINE: where each stack of a pipeline is, and by which roles it is reached.

import { z } from "zod";
import { UserError } from "../../project/user-error.ts";

const stack = z.object({
  account: z.string().regex(/^\d{12}$/),
  region: z.string().regex(/^[a-z0-9-]+$/),
  /** The GitHub environment of its deployments. */
  environment: z.string().min(1),
  /** For PULUMI_BACKEND_URL. */
  backend: z.string().regex(/^[a-z0-9]+:\S+$/),
  secretsProvider: z.string().optional(),
  /** Whether a pull request may preview it: who previews reads its secrets. */
  pullRequests: z.boolean().default(true),
  roles: z.object({ preview: z.string(), deploy: z.string(), drift: z.string() }),
});

const pipeline = z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), stack);

export type PipelineStack = z.infer<typeof stack>;
/** By the stacks' names, in the order of their deployment. */
export type Pipeline = z.infer<typeof pipeline>;

/**
 * Reads the variable; without it no stack is deployed by a pipeline.
 * @throws UserError for a text that is none.
 */
export function readPipeline(text: string | undefined): Pipeline {
  if (text === undefined || text.trim() === "") return {};
  const result = pipeline.safeParse(jsonOf(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UserError(
    `NANGO_PIPELINE is not what npm run bootstrap prints: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}. ` +
      "Set it again to what that prints (docs/bootstrap.md).",
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
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
