import { expect, test } from "vitest";

import { effects } from "../../infra/config/settings/change.ts";
import type { RecordedResource, Rehearsal } from "../../rehearsal/rehearse.ts";
import { report } from "../../rehearsal/report.ts";

const plain: Omit<RecordedResource, "urn" | "type" | "name" | "createdAs"> = {
  custom: true,
  inputs: {},
  secretInputs: [],
  outputs: {},
  secretOutputs: [],
  dependencies: [],
  propertyDependencies: {},
  protect: false,
  retainOnDelete: false,
  ignoreChanges: [],
  replaceOnChanges: [],
  replaceWith: [],
  customTimeouts: {},
  aliases: [],
  hooks: {},
  additionalSecretOutputs: [],
  generation: 1,
};

function resource(type: string, name: string, more: Partial<RecordedResource> = {}): RecordedResource {
  const urn = `urn:pulumi:dev::nango::${type}::${name}`;
  return { ...plain, type, name, urn, createdAs: urn, ...more };
}

const stack = resource("pulumi:pulumi:Stack", "nango-dev", { custom: false });
const data = resource("nango:aws:Database", "data", { custom: false, parent: stack.urn });

function rehearsal(resources: RecordedResource[], more: Partial<Rehearsal> = {}): Rehearsal {
  return {
    project: "nango",
    stack: "dev",
    mode: "preview",
    resources: [stack, ...resources],
    invokes: [],
    hooks: [],
    hookRuns: [],
    outputs: {},
    secretOutputs: [],
    messages: [],
    debugMessages: [],
    findings: [],
    changes: [],
    consequences: [],
    program: { exitCode: 0 },
    ...more,
  };
}

test("the tree has a branch for each component, and a line for the resources of a type", () => {
  const text = report(
    rehearsal([
      resource("aws:ec2/vpc:Vpc", "main", { parent: stack.urn }),
      data,
      resource("aws:ec2/subnet:Subnet", "data-a", { parent: data.urn }),
      resource("aws:ec2/subnet:Subnet", "data-b", { parent: data.urn }),
      resource("aws:rds/instance:Instance", "data", {
        parent: data.urn,
        protect: true,
        retainOnDelete: true,
      }),
    ]),
  );
  expect(text).toContain(
    [
      "nango-dev 4 resources in 1 component",
      "│  ec2.Vpc  main",
      "└─ data Database",
      "      ec2.Subnet    a, b",
      "      rds.Instance  data [protected] [kept on delete]",
    ].join("\n"),
  );
  expect(text).toContain("- rds.Instance data: about 10 minutes");
});

test("an environment that another container has is not shown again", () => {
  const environment = { A: "1", B: "2", C: "3" };
  const containers = {
    migrate: { image: "nango", environment: { ...environment, D: "4" } },
    server: { image: "nango", environment, secrets: { KEY: "arn" } },
    worker: { image: "nango", environment, secrets: ["KEY"] },
  };
  const text = report(rehearsal([{ ...data, outputs: { containers } }]));
  expect(text).toContain("migrate container of data\n  image nango\n  A=1\n  B=2\n  C=3\n  D=4\n");
  expect(text).toContain("server container of data\n  image nango\n  A=1\n  B=2\n  C=3\n  KEY=(secret)\n");
  expect(text).toContain("worker container of data\n  image nango\n  the environment of server\n");
});

test("long values are cut to the width of the screen", () => {
  const containers = { server: { image: "nango", environment: { PEM: `${"x\n".repeat(200)}` } } };
  const text = report(rehearsal([{ ...data, outputs: { containers } }]), { width: 80 });
  expect(text).toContain("  PEM=x\\nx\\n");
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("changes say what they do, what they need and what is lost with them", () => {
  const type = "aws:rds/instance:Instance";
  const about = { urn: "", type, name: "data", replaceKeys: [], deleteFirst: false };
  const text = report(
    rehearsal([], {
      changes: [
        { ...about, kind: "update", keys: ["instanceClass"] },
        { ...about, kind: "replace", keys: ["tags", "username"], replaceKeys: ["username"] },
        { ...about, kind: "delete", keys: [] },
        { ...about, kind: "delete", keys: [], urn: "urn:pulumi:dev::nango::x::kept" },
      ],
      consequences: [
        { effect: "restarts the database", of: ["a", "b", "c", "d"], links: ["https://docs.example.com"] },
        { effect: "in place", of: [], links: [] },
      ],
      findings: [{ urn: "urn:pulumi:dev::nango::x::kept", message: "is protected" }],
    }),
    { changesOnly: true, width: 200 },
  );
  expect(text).toContain("~ update  rds.Instance data (instanceClass)\n");
  expect(text).toContain("± replace rds.Instance data (username)  ITS DATA IS LOST\n");
  expect(text).toContain("- delete  rds.Instance data  ITS DATA IS LOST\n");
  expect(text).toContain("- delete  rds.Instance data  REFUSED, see below\n");
  expect(text).toContain(
    `What the change does\n- restarts the database (a; b; c; 1 more): ${effects["restarts the database"]}. https://docs.example.com\n` +
      `- in place: ${effects["in place"]}.\n\nChanges to the deployed stack\n`,
  );
});

test("warnings are shown once, and colours only when they are asked for", () => {
  const warning = { severity: "warning", text: "the door is open" } as const;
  const warned = rehearsal([], { messages: [warning, warning, { severity: "info", text: "hello" }] });
  expect(report(warned).match(/the door is open/g)).toHaveLength(1);
  expect(report(warned)).toMatch(/Notes\n- hello\n\nWarnings\n- the door is open/);
  expect(report(warned)).not.toContain("\u001B");
});
