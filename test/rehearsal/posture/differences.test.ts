import { expect, test } from "vitest";
import {
  policyDifferences,
  policyDifferenceText,
  postureLines,
} from "../../../rehearsal/posture/differences.ts";
import type { Judgement } from "../../../policy/judgement.ts";
import { UNKNOWN } from "../../../rehearsal/rehearse.ts";
import { rehearsal, resource } from "../recorded.ts";

const group = resource("aws:ec2/securityGroup:SecurityGroup", "tasks");
const rule = (name: string, cidrIpv4: string) =>
  resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, {
    inputs: { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4 },
    propertyDependencies: { securityGroupId: [group.urn] },
  });
const bucket = resource("aws:s3/bucket:Bucket", "files", { outputs: { arn: "arn:aws:s3:::files" } });
const role = resource("aws:iam/role:Role", "task");
const allowed = (policy: unknown) =>
  resource("aws:iam/rolePolicy:RolePolicy", "task", {
    inputs: { policy },
    propertyDependencies: { role: [role.urn] },
  });
const statement = (Action: string) =>
  JSON.stringify({ Statement: { Effect: "Allow", Action, Resource: "arn:aws:s3:::files/*" } });
const database = (multiAz: boolean) =>
  resource("aws:rds/instance:Instance", "data", {
    inputs: { storageEncrypted: true, backupRetentionPeriod: 7, multiAz },
    protect: true,
  });

const lines = (...[before, after]: Parameters<typeof rehearsal>[0][]) =>
  postureLines(rehearsal(before ?? []), rehearsal(after ?? [])).map(({ sign, text }) => `${sign} ${text}`);

test("who gets in, who may do what and how data is kept differ line by line", () => {
  const same = [group, rule("same", "10.0.0.0/8"), bucket, role];
  expect(
    lines(
      [...same, rule("gone", "0.0.0.0/0"), allowed(statement("s3:GetObject")), database(true)],
      [...same, rule("young", "192.0.2.0/24"), allowed(statement("s3:PutObject")), database(false)],
    ),
  ).toEqual([
    "- port 22 of security group tasks from 0.0.0.0/0 (gone)",
    "+ port 22 of security group tasks from 192.0.2.0/24 (young)",
    "- task may s3:GetObject on s3.Bucket files",
    "+ task may s3:PutObject on s3.Bucket files",
    "~ rds.Instance data: when a zone fails standby → no standby",
  ]);
  expect(lines(same, same)).toEqual([]);
  expect(lines([], [database(true)])).toEqual([
    "+ rds.Instance data: at rest encrypted, backups 7 days, when a zone fails standby, against deletion protected",
  ]);
});

test("a policy document that only a deployment knows allows something, and not nothing", () => {
  expect(lines([role], [role, allowed(UNKNOWN)])).toEqual([
    "- task may nothing at all",
    "+ task may what is known after a deployment",
  ]);
});

const violation = (policy: string, stack: string, name: string) => ({
  policy,
  level: "mandatory" as const,
  urn: `urn:pulumi:${stack}::nango::aws:rds/instance:Instance::${name}`,
  message: "is open",
  remedy: "Close it.",
});
const judged: Judgement = { kept: ["other"], unknown: [], violations: [], accepted: [] };

test("policies that one side breaks, keeps or gives up differ, whatever the stacks are called", () => {
  const shut = { ...judged, kept: ["other", "shut"] };
  const open = { ...judged, violations: [violation("shut", "dev", "data")] };
  const given = { ...judged, accepted: [{ ...violation("shut", "dev", "data"), because: "It is meant." }] };
  const text = (...sides: [Judgement, Judgement]) => policyDifferences(...sides).map(policyDifferenceText);
  expect(text(shut, open)).toEqual(["shut: kept → broken (rds.Instance data is open)"]);
  expect(text(open, shut)).toEqual(["shut: broken → kept (was: rds.Instance data is open)"]);
  expect(text(open, given)).toEqual(["shut: broken → given up"]);
  expect(text(open, { ...judged, violations: [violation("shut", "production", "data")] })).toEqual([]);
  expect(text(open, { ...judged, violations: [violation("shut", "dev", "records")] })).toEqual([
    "shut: broken on both sides, by others (rds.Instance records is open; no longer: rds.Instance data is open)",
  ]);
  expect(text({ ...judged, kept: [] }, open)).toEqual([]);
});
