import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import type { RehearseOptions } from "../../rehearsal/rehearse.ts";
import { keepRehearsal, nameOf, readRehearsal, stateOf } from "../kept-rehearsals.ts";
import { rehearse, rehearseAlone } from "../rehearse.ts";

test("what is kept is what came of it", async () => {
  const fresh = await rehearseAlone({ stack: "dev", mode: "update" });
  keepRehearsal("of-a-test", fresh);
  expect(readRehearsal("of-a-test")).toEqual(fresh);
  expect(readRehearsal("of-no-test")).toBeUndefined();
});

test("a rehearsal that hangs on something elsewhere is not kept", () => {
  const dev: RehearseOptions = { stack: "dev" };
  expect(nameOf(dev, "dev")).toMatch(/^[0-9a-f]{64}$/);
  const others: Partial<RehearseOptions>[] = [
    { environment: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" } },
    { answers: {} },
    { mode: "update", runHooks: true },
    { projectDirectory: tmpdir() },
    { previous: Promise.resolve({ mode: "update", resources: [] }) },
  ];
  for (const other of others)
    expect(nameOf({ ...dev, ...other }, "dev"), JSON.stringify(other)).toBeUndefined();
});

test("other options and another deployment before them have another name", async () => {
  const dev: RehearseOptions = { stack: "dev" };
  const { resources } = await rehearse({ ...dev, mode: "update" });
  const names = [
    nameOf(dev, "one"),
    nameOf(dev, "another"),
    nameOf({ ...dev, runHooks: true }, "one"),
    nameOf({ ...dev, previous: { mode: "update", resources } }, "one"),
    nameOf({ ...dev, previous: { mode: "update", resources: resources.slice(1) } }, "one"),
  ];
  expect(new Set(names).size).toBe(names.length);
});

test("a source that changes, comes or goes makes another state, and a page does not", () => {
  const project = mkdtempSync(path.join(tmpdir(), "sources-"));
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
    writeFileSync(path.join(project, file), text);
  };
  try {
    write("infra/aws/database.ts", "one");
    const first = stateOf(project);
    write("docs/page.md", "no source of a rehearsal");
    expect(stateOf(project)).toBe(first);
    write("infra/aws/database.ts", "another");
    const second = stateOf(project);
    write("rehearsal/new.ts", "one");
    const third = stateOf(project);
    rmSync(path.join(project, "infra/aws/database.ts"));
    expect(new Set([first, second, third, stateOf(project)]).size).toBe(4);
  } finally {
    rmSync(project, { recursive: true });
  }
});
