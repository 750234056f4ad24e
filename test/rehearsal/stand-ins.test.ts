import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, test } from "vitest";

import { readProject } from "../../project/project.ts";
import { configurationOf } from "../../rehearsal/configuration.ts";
import { standIns } from "../../rehearsal/stand-ins.ts";

const encrypted = { secure: "AAABAO8=" };
const project = readProject(new URL("../..", import.meta.url).pathname);

function notes(stackValues: Record<string, unknown>, secrets = {}) {
  const configuration = configurationOf(project, "dev", stackValues, { set: {}, secrets });
  return standIns(project, "dev", configuration, secrets);
}

test("what stands in for a value that need be no secret is told, with the way out", () => {
  expect(notes({ "aws:region": encrypted, "nango:allowedCidrs": [encrypted], size: encrypted })).toEqual([
    'aws:region is stored encrypted, which only a deployment can read: "us-east-1" stands in for it here. ' +
      "If it is no secret: npx pulumi config set -s dev --plaintext aws:region '...'",
    expect.stringContaining(
      'nango:allowedCidrs is stored encrypted, which only a deployment can read: "[\\"203.0.113.0/24\\"]"',
    ),
    expect.stringContaining(
      'nango:size is stored encrypted, which only a deployment can read: "small" stands in',
    ),
  ]);
});

test("secrets, variables and what is given by flags stand for themselves", () => {
  const stackValues = {
    "nango:dashboardPassword": encrypted,
    "nango:environment": { LOG_LEVEL: encrypted },
    "aws:secretKey": encrypted,
    "acme:mode": encrypted,
  };
  expect(notes(stackValues, { "nango:size": "medium" })).toEqual([]);
});

test("values that Pulumi ESC brings are told of", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "stand-ins-"));
  try {
    const own = { ...project, stacksDirectory: folder };
    writeFileSync(path.join(folder, "Pulumi.dev.yaml"), "environment: [acme/aws]\nconfig: {}\n");
    const configuration = configurationOf(own, "dev", {}, { set: {}, secrets: {} });
    expect(standIns(own, "dev", configuration, {})).toEqual([
      "stacks/Pulumi.dev.yaml takes values from environments of Pulumi ESC, which only a deployment can read. Give them here: --set key=value",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
