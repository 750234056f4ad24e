import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";

import { effects } from "../../infra/config/settings/change.ts";
import { report } from "../../rehearsal/report.ts";
import { changeOf, rehearsal, resource, stack } from "./recorded.ts";

const data = resource("nango:aws:Database", "data", { custom: false, parent: stack.urn });

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
      "nango-dev",
      "│  ec2.Vpc  main",
      "└─ data Database",
      "      ec2.Subnet    a, b",
      "      rds.Instance  data [protected] [kept on delete]",
    ].join("\n"),
  );
});

const environment = { A: "1", B: "2", C: "3" };
const containers = {
  migrate: { image: "nango", environment: { ...environment, D: "4" } },
  server: { image: "nango", environment, secrets: { KEY: "arn" } },
  worker: { image: "other", environment, secrets: ["KEY"] },
};
const contained = rehearsal([{ ...data, outputs: { containers } }]);

test("containers are named by their images, and what they run is shown when it is asked for", () => {
  const text = report(contained);
  expect(text).toContain(
    "Containers\n  nango\n    data: migrate, server\n  other\n    data: worker\n  npm start -- dev --env",
  );
  expect(text).not.toContain("A=1");
});

test("an image, and an environment that another container has, are not shown again", () => {
  const text = report(contained, { env: true });
  expect(text).toContain("migrate container of data\n  image nango\n  A=1\n  B=2\n  C=3\n  D=4\n");
  expect(text).toContain("server container of data\n  A=1\n  B=2\n  C=3\n  KEY=(secret)\n");
  expect(text).toContain("worker container of data\n  image other\n  the environment of server\n");
});

test("of values that differ the difference is shown, however long they are and whatever is the same", () => {
  const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
  const running = (environment: object) =>
    rehearsal([{ ...data, outputs: { containers: { server: { image: "nango", environment } } } }]);
  const long = "https://example.com/".repeat(10);
  const before = running({ CA: pem("AAAA"), END: `${long}one${long}`, FLAG: "a" });
  const after = running({ CA: pem("BBBB"), END: `${long}two${long}`, FLAG: "b", NEW: long });
  const comparison = { ...changeOf(after), before: { title: "as deployed", rehearsal: before } };
  const [, shown = ""] = report(after, { width: 80, comparison }).split("Environments\n");
  const lines = (shown.split("\n\n")[0] ?? "").split("\n");
  expect(lines).toEqual([
    "- server of data: CA",
    expect.stringMatching(/^ {2}- \(PEM of 1, 59 characters, sha256:[0-9a-f]{8}\)$/),
    expect.stringMatching(/^ {2}\+ \(PEM of 1, 59 characters, sha256:[0-9a-f]{8}\)$/),
    "- server of data: END",
    "  - …s://example.com/onehttps://example.…",
    "  + …s://example.com/twohttps://example.…",
    "- server of data: FLAG a → b",
    "- server of data: NEW",
    "  - nothing",
    `  + ${long.slice(0, 75)}…`,
  ]);
});

test("a name with line breaks and tabs stays on its line", () => {
  const odd = resource("aws:rds/instance:Instance", "a\nb\tc", { parent: stack.urn });
  const { urn, type, name } = odd;
  const made = { urn, type, name, kind: "create", keys: [], replaceKeys: [] } as const;
  const shown = rehearsal([odd], {
    changes: [{ ...made, deleteFirst: false, retained: false }],
    findings: [{ urn, message: "is refused" }],
    outputs: { "out\nput": "x\ny" },
  });
  const lines = [report(shown), report(shown, { comparison: changeOf(shown) })].join("\n").split("\n");
  expect(lines).toContain(String.raw`   rds.Instance  a\nb\tc`);
  expect(lines).toContain(String.raw`+ create  rds.Instance a\nb\tc  REFUSED, see below`);
  expect(lines).toContain(String.raw`- a\nb\tc (rds.Instance): is refused`);
  expect(lines).toContain(String.raw`  out\nput  x\ny`);
});

test("long values are cut to the width of the screen; certificates and programs are only named", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n".repeat(3);
  const server = {
    image: "nango",
    command: ["node", "--import", "data:text/javascript,\nimport http"],
    environment: { LONG: "x\n".repeat(200), PEM: pem },
  };
  const shown = rehearsal([{ ...data, outputs: { containers: { server } } }]);
  const text = report(shown, { width: 80, env: true });
  expect(text).toContain("  LONG=x\\nx\\n");
  expect(text).toMatch(/^ {2}PEM=\(PEM of 3, \d+ characters, sha256:[0-9a-f]{8}\)$/m);
  expect(text).toMatch(/^ {2}command node --import \(program text, sha256:[0-9a-f]{8}\)$/m);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("commands stay on one line, and everything else fits the screen", () => {
  const command =
    "npx pulumi config set -s dev nango:executeCommand true && npx pulumi up -s dev && aws ecs list-tasks";
  const warned = rehearsal([], {
    outputs: { openShell: command, nested: { again: command } },
    messages: [
      {
        severity: "warning",
        text: `Nobody can reach it from outside, which may be meant. If not: ${command}.`,
      },
      { severity: "warning", text: "word ".repeat(60).trim() },
    ],
  });
  const lines = report(warned, { width: 70 }).split("\n");
  expect(lines.filter((line) => line.includes(command))).toHaveLength(3);
  expect(lines).toContain("- Nobody can reach it from outside, which may be meant. If not:");
  const long = lines.filter((line) => line.length > 70);
  expect(long.filter((line) => !line.includes(command))).toEqual([]);
});

test("changes say what they do, what they need and what is lost with them", () => {
  const type = "aws:rds/instance:Instance";
  const about = { urn: "", type, name: "data", replaceKeys: [], deleteFirst: false, retained: false };
  const changed = rehearsal([], {
    changes: [
      { ...about, kind: "update", keys: ["instanceClass"] },
      { ...about, kind: "replace", keys: ["tags", "username"], replaceKeys: ["username"] },
      { ...about, kind: "delete", keys: [] },
      { ...about, kind: "delete", keys: [], urn: "urn:pulumi:dev::nango::x::kept" },
      { ...about, kind: "create", keys: [], urn: "urn:pulumi:dev::nango::x::refused" },
    ],
    consequences: [
      { effect: "restarts the database", of: ["a", "b", "c", "d"], links: ["https://docs.example.com"] },
      { effect: "in place", of: [], links: [] },
    ],
    findings: [
      { urn: "urn:pulumi:dev::nango::x::kept", message: "is protected", isProtection: true },
      { urn: "urn:pulumi:dev::nango::x::refused", message: "AWS refuses it" },
    ],
  });
  const text = report(changed, { comparison: changeOf(changed), width: 200 });
  expect(text).toContain("~ update  rds.Instance data (instanceClass)\n");
  expect(text).toContain(
    "± replace rds.Instance data (username)  ITS DATA IS LOST: nango:allowDataLoss lets it go\n",
  );
  expect(text).toContain("- delete  rds.Instance data  ITS DATA IS LOST: nango:allowDataLoss lets it go\n");
  expect(text).toMatch(/^- delete {2}rds.Instance data {2}PROTECTED until nango:allowDataLoss lifts it$/m);
  expect(text).toContain("+ create  rds.Instance data  REFUSED, see below\n");
  expect(text).toMatch(
    /^Changes {3}1 replaced, 1 updated, 1 created, 2 deleted, in about 5 minutes: rds.Instance old data 5$/m,
  );
  expect(text).toContain(
    `What the change does\n- restarts the database (a; b; c; 1 more): ${effects["restarts the database"]}. https://docs.example.com\n` +
      `- in place: ${effects["in place"]}.\n\nChanges to the deployed stack: 1 replaced, 1 updated, 1 created, 2 deleted\n- delete`,
  );
});

test("warnings are shown once, and colours only when they are asked for", () => {
  const warning = { severity: "warning", text: "the door is open" } as const;
  const warned = rehearsal([], { messages: [warning, warning, { severity: "info", text: "hello" }] });
  expect(report(warned).match(/the door is open/g)).toHaveLength(1);
  expect(report(warned)).toMatch(/Notes\n- hello\n\nWarnings\n- the door is open/);
  expect(report(warned)).not.toContain("\u001B");
});

const change = {
  type: "aws:rds/instance:Instance",
  keys: [],
  replaceKeys: [],
  deleteFirst: false,
  retained: false,
};

test("a change is red where something goes, yellow where it changes and green where it comes", () => {
  const kinds = ["delete", "replace", "update", "create"] as const;
  const changes = kinds.map((kind) => ({ ...change, kind, urn: kind, name: kind }));
  const changed = rehearsal([], { changes });
  const comparison = changeOf(changed);
  const text = report(changed, { comparison, color: true });
  const colours = kinds.map((kind) => new RegExp(`^\\u001B\\[(\\d+)m. ${kind}`, "m").exec(text)?.[1]);
  expect(colours).toEqual(["31", "31", "33", "32"]);
  const plainText = report(changed, { comparison });
  expect(stripVTControlCharacters(text)).toBe(plainText);
});

test("a change of a key says what ought to be known of it, where anything changes", () => {
  const changes = [{ ...change, kind: "update", urn: "", name: "data" } as const];
  const keys = ["nango:dashboardAuth", "databaseVersion", "aws:region", "nango:constructor"];
  const changed = rehearsal([], { changes });
  const text = report(changed, { comparison: changeOf(changed, keys), width: 300 });
  expect(text).toMatch(/- nango:dashboardAuth: .*out of reach.*\n- nango:databaseVersion: .*outage.*\n\n/);
  expect(report(rehearsal([]), { comparison: changeOf(rehearsal([]), keys) })).not.toContain("out of reach");
});

test("the first lines say what, where, how much, how long and what to look at", () => {
  const service = resource("aws:ecs/service:Service", "nango");
  const database = resource("aws:rds/instance:Instance", "data");
  const certificate = resource("aws:acm/certificateValidation:CertificateValidation", "nango");
  const resources = [database, certificate, { ...service, dependencies: [database.urn, certificate.urn] }];
  const text = report(
    rehearsal(resources, {
      where: { target: "aws", region: "eu-central-1", size: "medium" },
      outputs: { url: "https://nango.acme.dev", callbackUrl: "https://nango.acme.dev/oauth/callback" },
      messages: [{ severity: "warning", text: "the door is open" }],
      findings: [{ message: "it is too long" }],
    }),
  );
  expect(text.split("\n").slice(0, 7)).toEqual([
    "Stack         dev: eu-central-1, size medium",
    "URL           https://nango.acme.dev",
    "Callback URL  https://nango.acme.dev/oauth/callback",
    "Creates       3 resources in about 15 minutes: rds.Instance data 10, then ecs.Service nango 5",
    "Costs         an unknown sum; npm run cost shows it line by line",
    "Warnings      1, below",
    "Refused       1 finding, below",
  ]);
  const empty = report(rehearsal([], { where: { target: "docker" } }));
  expect(empty).toMatch(/^Stack {5}dev: on a Docker engine\nCreates {3}0 resources\nWarnings {2}none\n\n/);
});

test("what comes next is a stack of one's own for an example, and else its deployment", () => {
  const next = (url: string) => report({ ...rehearsal([data]), outputs: { url } }).split("\nNext\n")[1];
  expect(next("https://nango-dev.example.com")).toMatch(/^ {2}npm run init +begins a stack/m);
  expect(next("https://nango-dev.example.com")).not.toContain("npm run up");
  expect(next("https://nango.acme.dev")).toMatch(/^ {2}npm run up -- dev +deploys$/m);
});
