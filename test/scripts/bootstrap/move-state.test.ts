import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { type AskIn, moveState } from "../../../scripts/bootstrap/move-state.ts";

const key = "arn:aws:kms:eu-central-1:123456789012:key/1";
const outputs = { backend: "s3://nango-state-1?region=eu-central-1", secretsKeyArn: key, pipeline: {} };
const state = (...urns: string[]) =>
  JSON.stringify({ deployment: { resources: urns.map((urn) => ({ urn })) } });
const before = "# Ours.\nconfig:\n  aws:region: eu-central-1\n";

let file: string;
beforeEach(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), "bootstrap-move-")), "Pulumi.ci.yaml");
  writeFileSync(file, before);
});
afterEach(() => rmSync(path.dirname(file), { recursive: true }));

/** A CLI over a local backend with two resources; `stored` is what the bucket gives back. */
function cli(options: { readonly has?: boolean; readonly stored?: string; readonly fails?: string } = {}) {
  const { has = false, stored = state("a", "b"), fails } = options;
  const calls: string[] = [];
  const ask: AskIn = async (backend, args) => {
    const command = args.slice(0, 2).join(" ");
    calls.push(`${backend.slice(0, 4)}: ${command}`);
    if (command === fails) return { code: 255, stdout: "", stderr: "error: no\n" };
    if (command === "stack select") return { code: has ? 0 : 255, stdout: "", stderr: "no stack named" };
    const to = args[args.indexOf("--file") + 1];
    if (command === "stack export" && backend.startsWith("file:")) writeFileSync(String(to), state("a", "b"));
    return { code: 0, stdout: command === "stack export" ? stored : "", stderr: "" };
  };
  return { calls, ask };
}
const move = ({ ask }: { ask: AskIn }) =>
  moveState("ci", "file:///state", outputs, "eu-central-1", file, ask);

test("a state is exported, imported, bound to the key and read back, and the file says where it is", async () => {
  const stage = cli();
  await move(stage);
  expect(stage.calls).toEqual([
    "file: stack export",
    "s3:/: stack select",
    "s3:/: stack init",
    "s3:/: stack import",
    "s3:/: stack change-secrets-provider",
    "s3:/: stack export",
  ]);
  expect(readFileSync(file, "utf8")).toBe(`${before}  nango-bootstrap:backend: ${outputs.backend}\n`);
});

test("goes on where a run before it ended", async () => {
  const stage = cli({ has: true });
  await move(stage);
  expect(stage.calls).not.toContain("s3:/: stack init");
  expect(readFileSync(file, "utf8")).toContain("nango-bootstrap:backend");
});

test.each([
  [
    "what is read back lacks something",
    { stored: state("a") },
    /is not what was moved there: it stays where it was, in file:/,
  ],
  [
    "the bucket refuses",
    { fails: "stack init" },
    /cannot be moved into its bucket: error: no\nIt stays where it is\./,
  ],
])("counts where it was as long as %s", async (_, options, message) => {
  await expect(move(cli(options))).rejects.toThrow(message);
  expect(readFileSync(file, "utf8")).toBe(before);
});
