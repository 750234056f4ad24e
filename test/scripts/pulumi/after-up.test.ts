import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { afterUp, isForPeople } from "../../../scripts/pulumi/after-up.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "after-up-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

const outputs = {
  url: "https://nango.acme.dev",
  callbackUrl: "https://nango.acme.dev/oauth/callback",
  connectUrl: "https://connect.nango.acme.dev",
  dashboardUser: "nango",
  dashboardPassword: "[secret]",
  readPassword: "npx pulumi stack output dashboardPassword --show-secrets -s dev",
  openShell: "aws ecs execute-command ...",
};

const say = (changes: object = {}, stopped = false) =>
  afterUp({ stack: "dev", directory, outputs: { ...outputs, ...changes }, stopped }).split("\n");

test("where Nango is, how to log in and what comes next", () => {
  expect(say()).toEqual([
    "",
    "Nango is at   https://nango.acme.dev",
    "Log in        as nango, with the password that this command shows:",
    "              npx pulumi stack output dashboardPassword --show-secrets -s dev",
    "Callback URL  https://nango.acme.dev/oauth/callback  (register it with OAuth providers)",
    "Connect UI    https://connect.nango.acme.dev",
    "Logs          npm run logs -- dev --follow",
    "Shell         npm run shell -- dev",
    "Everything    npm run outputs -- dev",
    "Next          give your backend the URL and an API key: docs/deploy.md",
    "",
  ]);
});

test("only what the project has is named", () => {
  writeFileSync(path.join(directory, "package.json"), '{"scripts":{"doctor":"x"}}');
  mkdirSync(path.join(directory, "docs"));
  writeFileSync(path.join(directory, "docs/connect.md"), "");
  expect(say()).toContain("Check it      npm run doctor -- dev");
  expect(say()).toContain("Next          connect your product: docs/connect.md");
});

test("who is told of alarms hears that AWS has to be answered first", () => {
  const told = afterUp({ stack: "dev", directory, outputs, stopped: false, alarmEmail: "oncall@acme.dev" });
  expect(told.split("\n")).toContain(
    "Alarms        go to oncall@acme.dev once the link in the mail of AWS is followed",
  );
});

test("people with accounts, records to make and a stopped Nango are told so", () => {
  const accounts = say({ dashboardUser: undefined, readPassword: undefined });
  expect(accounts).toContain(
    "Log in        with an account of yours (nango:allowSignup lets people make one)",
  );
  expect(say({ dnsRecords: "nango.acme.dev CNAME x" })).toContain(
    "DNS           make these records first: nango.acme.dev CNAME x",
  );
  expect(say({}, true)[1]).toBe(
    "Nango is stopped  it serves nothing at https://nango.acme.dev (nango:stopped)",
  );
});

test("a shell that has to be deployed first is not shown as one", () => {
  expect(
    say({ openShell: "npx pulumi config set -s dev nango:executeCommand true && aws ecs ..." }),
  ).toContain("Shell         off (nango:executeCommand); npm run shell -- dev says how to switch it on");
});

test("a stack that tells no address says nothing", () => {
  expect(afterUp({ stack: "dev", directory, outputs: {}, stopped: false })).toBe("");
});

test("a program that reads JSON, and a preview, are told nothing", () => {
  for (const flag of ["--json", "-j", "--json=true", "--preview-only"])
    expect(isForPeople(["--yes", flag]), flag).toBe(false);
  expect(isForPeople(["--yes", "--json=false"])).toBe(true);
});
