import { expect, test } from "vitest";
import { defaultMaxConnections, instanceClasses } from "../../../infra/config/rules/instance-class.ts";

const bytesOf = (gib: number) => gib * 1024 ** 3;

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
test.each([
  ["db.t4g.micro", 1],
  ["db.t3.small", 2],
  ["db.t4g.medium", 4],
  ["db.t4g.2xlarge", 32],
  ["db.m7g.large", 8],
  ["db.m6i.4xlarge", 64],
  ["db.r7g.large", 16],
  ["db.r5.xlarge", 32],
])("counts on fewer connections to %s than RDS's formula gives for all its %i GiB", (name, memory) => {
  const connections = defaultMaxConnections(name) ?? 0;
  expect(connections).toBeLessThan(bytesOf(memory) / 9531392);
  expect(connections).toBeGreaterThan((bytesOf(memory) / 9531392) * 0.6);
});

test("never counts on more than the 5000 that RDS allows", () => {
  expect(defaultMaxConnections("db.r7g.16xlarge")).toBe(5000);
  expect(Math.max(...instanceClasses.map((name) => defaultMaxConnections(name) ?? Infinity))).toBe(5000);
});

test.each(["", "db.t4g.nano", "db.t4g.4xlarge", "m7g.large", "db.m7g", "db.x9.large", "constructor"])(
  "does not know %j",
  (name) => {
    expect(defaultMaxConnections(name)).toBeUndefined();
  },
);
