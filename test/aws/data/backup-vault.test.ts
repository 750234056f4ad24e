import { beforeAll, expect, test } from "vitest";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { ofType, the } from "../find.ts";
import { rehearse } from "../../rehearse.ts";

const set = { recordsDatabase: "dedicated", backupVault: "true", backupVaultDays: "90" };
const update = (more: Readonly<Record<string, string>> = {}, previous?: Rehearsal) =>
  rehearse({
    stack: "dev",
    mode: "update",
    set: { ...set, ...more },
    ...(previous === undefined ? {} : { previous }),
  });
const rule = (rehearsal: Rehearsal) =>
  (the(rehearsal, "backup/plan:Plan").inputs["rules"] as Record<string, unknown>[])[0];

let here: Rehearsal;
let copied: Rehearsal;
beforeAll(async () => {
  here = await update();
  copied = await update({ backupCopyRegion: "eu-west-1" });
});

test("every database that the stack makes is backed up each day, for as long as is said", () => {
  expect(here.findings).toEqual([]);
  const databases = ofType(here, "rds/instance:Instance").map(({ outputs }) => outputs["arn"]);
  expect(databases).toHaveLength(2);
  const selection = the(here, "backup/selection:Selection").inputs;
  expect(selection["resources"]).toEqual(databases);
  expect(selection["planId"]).toBe(the(here, "backup/plan:Plan").id);
  expect(rule(here)).toMatchObject({
    targetVaultName: the(here, "backup/vault:Vault").outputs["name"],
    lifecycle: { deleteAfter: 90 },
  });
  expect(rule(here)?.["copyActions"]).toBeUndefined();
});

test("AWS Backup alone may use the role, which has its policy before it is used", () => {
  const role = the(here, "iam/role:Role", "nango-backup");
  expect(JSON.parse(String(role.inputs["assumeRolePolicy"]))).toMatchObject({
    Statement: [{ Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const attached = the(here, "iam/rolePolicyAttachment:RolePolicyAttachment", "nango-backup");
  expect(attached.inputs["policyArn"]).toBe(
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
  );
  const { dependencies } = the(here, "backup/selection:Selection");
  expect(dependencies).toEqual(expect.arrayContaining([role.urn, attached.urn]));
});

test("vaults, and what deletes backups when their days are over, outlive the stack", () => {
  for (const vault of ofType(copied, "backup/vault:Vault"))
    expect(vault).toMatchObject({ protect: true, retainOnDelete: true });
  expect(the(copied, "iam/role:Role", "nango-backup").retainOnDelete).toBe(true);
  expect(the(copied, "iam/rolePolicyAttachment:RolePolicyAttachment", "nango-backup").retainOnDelete).toBe(
    true,
  );
});

test("a copy goes to a vault in the other region, and is kept as long", () => {
  const copy = the(copied, "backup/vault:Vault", "nango-backup-copy");
  expect(copy.inputs["region"]).toBe("eu-west-1");
  expect(rule(copied)?.["copyActions"]).toEqual([
    { destinationVaultArn: copy.outputs["arn"], lifecycle: { deleteAfter: 90 } },
  ]);
  expect(String(copy.outputs["arn"])).toMatch(/^arn:aws:backup:eu-west-1:/);
});

test("a database that takes another's place is backed up in its place", async () => {
  const next = await update({ databaseSnapshot: "nango-1" }, here);
  expect(the(next, "backup/selection:Selection").change?.kind).toBe("replace");
  expect(the(next, "backup/selection:Selection").inputs["resources"]).toContain(
    the(next, "rds/instance:Instance", "nango-database").outputs["arn"],
  );
  expect(the(next, "backup/vault:Vault").change?.kind).toBe("same");
});

test("without it there is nothing of it", async () => {
  const { resources } = await rehearse({ stack: "dev", mode: "update" });
  expect(resources.filter(({ type }) => type.startsWith("aws:backup/"))).toEqual([]);
});
