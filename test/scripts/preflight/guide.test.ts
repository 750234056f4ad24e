import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { awsChecks, worldChecks } from "../../../scripts/preflight/checks/index.ts";

test("the guide has a section for each check, and no other but for what is looked at before them", () => {
  const guide = readFileSync(path.resolve(import.meta.dirname, "../../../docs/preflight.md"), "utf8");
  const sections = [...guide.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => title);
  const before = ["State backend", "Secrets", "Configuration", "Policies", "Credentials", "Account", "AWS"];
  const onDocker = ["Docker", "Ports", "Memory"];
  const checks = [...awsChecks, ...worldChecks].map(({ title }) => title);
  expect(new Set(sections)).toEqual(new Set([...before, ...checks, ...onDocker]));
  expect(new Set(sections).size).toBe(sections.length);
});
