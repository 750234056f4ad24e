import { expect, test } from "vitest";
import { refuseProtected } from "../../../scripts/pulumi/protection.ts";
import type { StateResource } from "../../../scripts/pulumi/state.ts";
import { resource, state } from "./state.ts";

function refusal(resources: readonly StateResource[]): string {
  try {
    refuseProtected("dev", state(resources));
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const service = resource("aws:ecs/service:Service", "nango");
const database = resource("aws:rds/instance:Instance", "nango-database");
const key = resource("random:index/randomPassword:RandomPassword", "nango-encryption-key");

test("what is protected is named, with what would go and the way to mean it", () => {
  const text = refusal([service, { ...database, protect: true }, { ...key, protect: true }]);
  expect(text).toContain("Of its 3 resources, all of which would go");
  expect(text).toContain("  rds.Instance nango-database\n  RandomPassword nango-encryption-key\n");
  expect(text.split("\n").filter((line) => /^ {2}\d\. /.test(line))).toEqual([
    "  1. npx pulumi config set -s dev nango:allowDataLoss true",
    "  2. npm run up -- dev",
    "  3. npm run destroy -- dev",
    "  4. npx pulumi config rm -s dev nango:allowDataLoss",
  ]);
});

test("a database that RDS protects is protected, though Pulumi's protection was lifted by hand", () => {
  expect(refusal([service, { ...database, inputs: { deletionProtection: true } }])).toContain(
    "  rds.Instance nango-database\n",
  );
});

test("what nobody protects may go", () => {
  expect(refusal([service, { ...database, inputs: { deletionProtection: false } }, key])).toBe("");
  expect(refusal([])).toBe("");
});
