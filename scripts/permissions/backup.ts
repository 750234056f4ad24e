import { partitionOf } from "../../infra/config/rules/aws-region.ts";
import { type Grant, look, make, provider, type ResourcePermissions } from "./grant.ts";
import { inRegion, namePattern, type Place } from "./place.ts";
import { roleArns } from "./identity.ts";

const VAULT = "aws:backup/vault:Vault";

const arn = (place: Place, resource: string, region = place.region) =>
  `arn:${partitionOf(region).name}:backup:${region}:${place.account}:${resource}`;

const plans = (place: Place) => [arn(place, "backup-plan:*")];

/** A vault is made with the key of AWS's own that every account has for backups. */
function vaultKey(region: string): Grant[] {
  const when = {
    StringEquals: { "kms:ViaService": `backup.${region}.${partitionOf(region).dnsSuffix}` },
  };
  return [
    // https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
    make("backup-storage:MountCapsule", ["*"], { when: { StringEquals: { "aws:RequestedRegion": region } } }),
    make("kms:CreateGrant GenerateDataKey Decrypt RetireGrant DescribeKey", ["*"], { when }),
  ];
}

/** `aws.backup` */
export const backup: Readonly<Record<string, ResourcePermissions>> = {
  [VAULT]: {
    source: provider("backup/vault.go"),
    grants: (vault, place) => {
      const region = typeof vault.inputs["region"] === "string" ? vault.inputs["region"] : place.region;
      const on = [arn(place, `backup-vault:${namePattern(place, vault)}`, region)];
      return [
        make("backup:CreateBackupVault DeleteBackupVault TagResource UntagResource", on),
        look("backup:DescribeBackupVault ListTags", on),
        ...vaultKey(region),
      ];
    },
  },
  "aws:backup/plan:Plan": {
    source: provider("backup/plan.go"),
    grants: (_, place) => [
      make(
        "backup:CreateBackupPlan UpdateBackupPlan DeleteBackupPlan TagResource UntagResource",
        plans(place),
      ),
      look("backup:GetBackupPlan ListTags", plans(place)),
    ],
  },
  "aws:backup/selection:Selection": {
    source: provider("backup/selection.go"),
    grants: (_, place) => [
      make("backup:CreateBackupSelection DeleteBackupSelection", plans(place)),
      look("backup:GetBackupSelection", plans(place)),
      make("iam:PassRole", roleArns(place), {
        when: { StringEquals: { "iam:PassedToService": "backup.amazonaws.com" } },
      }),
    ],
  },
};

/** What the role of the backups does: a part of AWSBackupServiceRolePolicyForBackup, for databases of RDS. */
export function backupRole(place: Place): Grant[] {
  return [
    make(
      "rds:DescribeDBInstances DescribeDBSnapshots ListTagsForResource CreateDBSnapshot CopyDBSnapshot DeleteDBSnapshot AddTagsToResource ModifyDBSnapshotAttribute",
      ["*"],
    ),
    make("backup:DescribeBackupVault CopyIntoBackupVault CopyFromBackupVault", ["*"]),
    make("kms:DescribeKey CreateGrant Decrypt GenerateDataKey", ["*"], {
      when: { StringLike: { "kms:ViaService": ["rds.*.amazonaws.com*", "backup.*.amazonaws.com*"] } },
    }),
    make("tag:GetResources", ["*"], inRegion(place)),
  ];
}
