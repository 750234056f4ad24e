import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RehearseOptions } from "../../rehearsal/rehearse.ts";
import { fileFor, keepRehearsal, readRehearsal, stateOf } from "../kept-rehearsals.ts";
import { rehearse, rehearseAlone } from "../rehearse.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "rehearsals-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("what is kept is what came of it", async () => {
  const fresh = await rehearseAlone({ stack: "dev", mode: "update" });
  const file = path.join(folder, "kept");
  expect(keepRehearsal(file, fresh)).toBe(true);
  expect(readRehearsal(file)).toEqual(fresh);
  expect(readRehearsal(path.join(folder, "nothing"))).toBeUndefined();
  expect(keepRehearsal(path.join(file, "below-a-file"), fresh)).toBe(false);
});

test("a rehearsal that hangs on something elsewhere is not kept", () => {
  const dev: RehearseOptions = { stack: "dev" };
  expect(fileFor(dev, "dev")).toMatch(/[0-9a-f]{64}$/);
  const others: Partial<RehearseOptions>[] = [
    { environment: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" } },
    { answers: {} },
    { mode: "update", runHooks: true },
    { projectDirectory: tmpdir() },
    { previous: Promise.resolve({ mode: "update", resources: [] }) },
  ];
  for (const other of others)
    expect(fileFor({ ...dev, ...other }, "dev"), JSON.stringify(other)).toBeUndefined();
});

test("other options and another deployment before them are kept elsewhere", async () => {
  const dev: RehearseOptions = { stack: "dev" };
  const { resources } = await rehearse({ ...dev, mode: "update" });
  const files = [
    fileFor(dev, "one"),
    fileFor(dev, "another"),
    fileFor({ ...dev, runHooks: true }, "one"),
    fileFor({ ...dev, previous: { mode: "update", resources } }, "one"),
    fileFor({ ...dev, previous: { mode: "update", resources: resources.slice(1) } }, "one"),
  ];
  expect(new Set(files).size).toBe(files.length);
});

test("a source that changes, comes or goes makes another state, and a page does not", () => {
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  write("infra/aws/database.ts", "one");
  const first = stateOf(folder);
  write("docs/page.md", "no source of a rehearsal");
  expect(stateOf(folder)).toBe(first);
  write("infra/aws/database.ts", "another");
  const second = stateOf(folder);
  write("rehearsal/new.ts", "one");
  const third = stateOf(folder);
  rmSync(path.join(folder, "infra/aws/database.ts"));
  expect(new Set([first, second, third, stateOf(folder)]).size).toBe(4);
});
