import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readCommandLine } from "../../../project/command.ts";
import { readProject } from "../../../project/project.ts";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { commands } from "../../../scripts/commands.ts";
import { printed } from "../../../scripts/permissions/command.ts";

const folder = mkdtempSync(path.join(tmpdir(), "permissions-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("permissions say which region stands in for one that is stored encrypted", async () => {
  writeFileSync(path.join(folder, "Pulumi.dev.yaml"), "config:\n  aws:region: { secure: AAABAO8= }\n");
  const project = { ...readProject("."), stacksDirectory: folder };
  const nothing = { program: { exitCode: 0 }, findings: [], resources: [], invokes: [], hooks: [] };
  const line = readCommandLine(commands.permissions, ["dev", "--account", "210987654321"], {});
  const { remarks } = await printed(line, project, async () => nothing as unknown as Rehearsal);
  expect(remarks).toEqual([expect.stringMatching(/^aws:region is stored encrypted.*"us-east-1" stands in/)]);
});
