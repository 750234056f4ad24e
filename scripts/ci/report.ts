// What a pipeline tells of a stack: plain data, since a fork's pull request makes it and a trusted job shows it.

import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { UserError } from "../../project/user-error.ts";

const text = z.string().max(20_000);
const texts = z.array(text).max(500);

const change = z.strictObject({
  kind: z.enum(["create", "update", "replace", "delete"]),
  resource: text,
  why: texts,
  /** What stops it or is lost with it; empty for nothing. */
  fate: text,
});

const report = z.strictObject({
  /** A rehearsal asks nobody, a preview asks Pulumi and AWS. */
  of: z.enum(["rehearsal", "preview"]),
  stack: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/),
  facts: z.array(z.strictObject({ title: text, text })).max(50),
  /** What would stop a deployment. */
  findings: texts,
  warnings: texts,
  /** What the changes mean. */
  meanings: texts,
  /** What containers are given that differs. */
  environment: texts,
  changes: z.array(change).max(1_000),
  /** Lines to be shown as they are. */
  lines: z.array(text).max(5_000),
});

export const reports = z.array(report).max(100);

export type Report = z.infer<typeof report>;
export type ReportedChange = z.infer<typeof change>;

const MOST_BYTES = 5_000_000;

/**
 * The reports in the files of a folder, whoever made them.
 * @throws UserError for what is no report.
 */
export function readReports(folder: string): Report[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => path.join(folder, name))
    // No link, which could lead to a file of this machine.
    .filter((file) => lstatSync(file).isFile())
    .toSorted();
  return files.flatMap((file) => {
    if (lstatSync(file).size > MOST_BYTES) throw new UserError(`${file} is too large for a report.`);
    const result = reports.safeParse(parsed(file));
    if (!result.success)
      throw new UserError(
        `${file} is no report: ${result.error.issues[0]?.path.join(".")} ${result.error.issues[0]?.message}`,
      );
    return result.data;
  });
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
