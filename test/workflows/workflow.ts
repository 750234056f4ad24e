// The workflows of .github/workflows, as YAML.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

export const root = path.resolve(import.meta.dirname, "../..");

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

export interface Job {
  readonly name: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean | string };
  readonly strategy?: Readonly<Record<string, unknown>> & {
    readonly matrix: Readonly<Record<string, unknown>>;
  };
  readonly env?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

type Inputs = Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;

export interface Workflow {
  readonly file: string;
  readonly text: string;
  readonly on: Readonly<Record<string, { readonly inputs?: Inputs } | null | undefined>>;
  readonly permissions: unknown;
  readonly concurrency?: Job["concurrency"];
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = path.join(root, ".github/workflows");

export const workflows: readonly Workflow[] = readdirSync(folder)
  .filter((file) => file.endsWith(".yml"))
  .map((file) => readWorkflow(path.join(folder, file)));

export function readWorkflow(file: string): Workflow {
  const text = readFileSync(file, "utf8");
  return { ...(parse(text) as Omit<Workflow, "file" | "text">), file: path.basename(file), text };
}

export function workflow(file: string): Workflow {
  const found = workflows.find((one) => one.file === file);
  if (found === undefined) throw new TypeError(`there is no ${file}`);
  return found;
}

/** Every job, with what it is called in messages. */
export const allJobs = workflows.flatMap((one) =>
  Object.entries(one.jobs).map(([id, job]) => ({ where: `${one.file}: ${id}`, workflow: one, id, job })),
);

/** Every step, with what it is called in messages. */
export const allSteps = allJobs.flatMap(({ where, job, ...others }) =>
  (job.steps ?? []).map((step, index) => ({
    ...others,
    job,
    step,
    where: `${where}: ${step.name ?? step.uses ?? index}`,
  })),
);
