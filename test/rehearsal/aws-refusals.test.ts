import { beforeAll, expect, test } from "vitest";

import type { Rehearsal } from "../../rehearsal/rehearse.ts";
import { findingsOn, scenario } from "./scenarios.ts";

let first: Rehearsal;
let second: Rehearsal;
beforeAll(async () => {
  first = await scenario("refused", { mode: "update" });
  second = await scenario("refused", { set: { changed: "true" }, previous: first });
});

const refused: [name: string, message: RegExp][] = [
  ["shared-group", /^AWS refuses a listener .* \(TargetGroupAssociationLimit\).* takes new target groups\./],
  ["shrinks", /^allocatedStorage: AWS takes no storage away: give 200 GiB or more\./],
  [
    "shrinks-below-its-ceiling",
    /^maxAllocatedStorage: AWS wants the maximum a tenth above .*\(500 GiB, .*: give 550 or more\./,
  ],
  [
    "crosses",
    /^allocatedStorage: AWS refuses 3000 IOPS .*\(aws rds modify-db-instance --region eu-central-1 --db-instance-identifier crosses-\w+ --allocated-storage 500 --iops 12000 /,
  ],
  ["large-with-few-iops", /^iops: AWS refuses 3000 IOPS for gp3 of 400 GiB or more .*: give 12000 or more\./],
  ["small-with-iops", /^iops: AWS takes no IOPS for gp3 below 400 GiB/],
  ["goes-back", /^engineVersion: AWS takes no database back from version 17 to 16/],
  ["was-protected", /^deletionProtection: AWS deletes no database that is protected: .* by itself first/],
  ["moving-gateway", /^vpcId: AWS moves no such resource into another VPC\./],
  ["moving-lb", /^subnets: AWS moves no such resource into another VPC\./],
  ["moving-nat", /^AWS refuses it: the one that it replaces has the same allocationId, /],
  ["inhabited", /^subnetIds: AWS refuses to take a subnet out of the group while tenant .*availabilityZones/],
  ["zone-shift", /^AWS refuses it: the one that it replaces has the range 10\.0\.8\.0\/24, /],
  ["overlapping", /^AWS refuses it: subnet-a has the range 10\.0\.0\.0\/24, /],
  ["logs-new-name", /^AWS refuses it: logs-old-name has the name \/nango\/logs, .*deleteBeforeReplace/],
  ["fixed-at-once", /^AWS refuses it: the one that it replaces has the name other, /],
  ["record-new", /^AWS refuses it: record-old has the record nango\.example\.com, /],
  [
    "no-json",
    /^assumeRolePolicy: the provider refuses what is not a map as JSON: see what infra\/customize\.ts/,
  ],
  ["no-list", /^containerDefinitions: the provider refuses what is not a list as JSON/],
  ["too-long", /^containerDefinitions: AWS refuses a task definition of 66\d{3} bytes, more than 65536/],
];

test.each(refused)("%s is refused with the rule and the way out", (name, message) => {
  expect(findingsOn(second, name)).toEqual([expect.stringMatching(message)]);
  expect(findingsOn(second, name)[0]).toMatch(/ https:\/\/\S+$/);
});

test("nothing else is, and nothing at all of the first deployment", () => {
  expect(first.findings).toEqual([]);
  const names = second.findings.map(({ urn }) => urn?.split("::").at(-1));
  expect(names.toSorted()).toEqual(refused.map(([name]) => name).toSorted());
});

test("an update finds the same as a preview", async () => {
  const update = await scenario("refused", { mode: "update", set: { changed: "true" }, previous: first });
  expect(update.findings).toEqual(second.findings);
});
