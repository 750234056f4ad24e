// The calls that the provider and the program's hooks made in the life of each shipped stack, recorded without an account:
// first deployment, refresh, previews, a larger size, another load balancer, stopping and starting, destruction. The provider
// was that of Terraform, version 5.100; what newer ones call besides is in the table by their source. The calls of REST
// services are written as the operation that they are. Not in it: iam:GetUser, with which the provider asks for the account's
// ID first; where it is denied, it asks sts:GetCallerIdentity.
// https://github.com/hashicorp/aws-sdk-go-base/blob/v2.0.0-beta.65/awsauth.go

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

import type { Purpose } from "../../../scripts/permissions/grant.ts";
import { policyOf } from "../../../scripts/permissions/policy.ts";
import { bootstrap, permissions } from "./permissions.ts";

interface Recorded {
  readonly set: Readonly<Record<string, string>>;
  readonly for: Purpose;
  readonly calls: readonly string[];
}

const recorded = (stack: string) =>
  JSON.parse(
    readFileSync(path.join(import.meta.dirname, "calls", `${stack}.json`), "utf8"),
  ) as readonly Recorded[];

async function allowed(stack: string, { set, for: purpose }: Recorded): Promise<Set<string>> {
  const { grants } = await permissions({ stack, set });
  return new Set(policyOf(grants, purpose).Statement.flatMap(({ Action }) => Action));
}

describe.each(["dev", "production", "search"])("%s", (stack) => {
  test.each(recorded(stack))("is allowed all that was called to $for it with $set", async (life) => {
    const names = await allowed(stack, life);
    expect(life.calls.filter((call) => !names.has(call))).toEqual([]);
    expect(life.calls.length).toBeGreaterThan(10);
  });
});

test("npm run bootstrap is allowed all that it called to deploy, a second time too", async () => {
  const [life] = recorded("bootstrap");
  const { grants } = await permissions(bootstrap);
  const names = new Set(policyOf(grants, "deploy").Statement.flatMap(({ Action }) => Action));
  expect(life?.calls.filter((call) => !names.has(call))).toEqual([]);
  expect(life?.calls.length).toBeGreaterThan(20);
});

test("no call that only deployments make is allowed to previews", async () => {
  for (const stack of ["dev", "production", "search"]) {
    const lives = recorded(stack);
    const seen = new Set(lives.filter((life) => life.for === "preview").flatMap(({ calls }) => calls));
    const names = await allowed(stack, { set: {}, for: "preview", calls: [] });
    const deploying = lives.filter((life) => life.for === "deploy").flatMap(({ calls }) => calls);
    const writing = deploying.filter(
      (call) => !seen.has(call) && /:(Create|Delete|Modify|Put|Run|Update|Register)/.test(call),
    );
    expect(writing.filter((call) => names.has(call))).toEqual([]);
    expect(writing).not.toEqual([]);
  }
});

const root = path.resolve(import.meta.dirname, "../../..");
const services: Readonly<Record<string, string>> = {
  balancers: "elasticloadbalancing",
  cloudwatch: "cloudwatch",
  ecs: "ecs",
  iam: "iam",
  logs: "logs",
  rds: "rds",
  sns: "sns",
};

/** What the sources in a folder call by clients of AWS's SDK. */
function callsIn(folder: string): string[] {
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".ts")).map((file) => path.join(root, folder, file));
  const client = new RegExp(`\\b(${Object.keys(services).join("|")})\\.([a-z]\\w+)\\(`, "g");
  const found = sources.flatMap((file) => [...readFileSync(file, "utf8").matchAll(client)]);
  return found
    .filter(([, , method = ""]) => method !== "destroy")
    .map(
      ([, name = "", method = ""]) => `${services[name]}:${method.charAt(0).toUpperCase()}${method.slice(1)}`,
    );
}

test.each([
  ["the program's hooks", "infra/aws/deploying", "deploy", 5],
  ["npm run doctor", "scripts/doctor/aws", "deploy", 5],
  ["npm run doctor", "scripts/doctor/aws", "operate", 5],
  ["npm run logs", "scripts/logs", "operate", 1],
  ["npm run shell", "scripts/shell", "operate", 1],
] as const)("%s may make each call in %s, to %s", async (_, folder, purpose, atLeast) => {
  const calls = callsIn(folder);
  expect(calls.length).toBeGreaterThanOrEqual(atLeast);
  const names = await allowed("search", {
    set: { alarmEmail: "oncall@example.com" },
    for: purpose,
    calls: [],
  });
  expect(calls.filter((call) => !names.has(call))).toEqual([]);
});
