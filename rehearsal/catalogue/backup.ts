import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/** `aws.backup` */
export const backupResources = {
  "aws:backup/vault:Vault": resource<aws.backup.Vault, aws.backup.VaultArgs>({
    autoName: { property: "name", maximum: 50 },
    outputs: ({ inputs, arn, region }) => ({
      arn: arn("backup", `backup-vault:${inputs.name}`).replace(
        `:${region}:`,
        `:${inputs.region ?? region}:`,
      ),
      recoveryPoints: 0,
    }),
    replacedBy: ["name", "kmsKeyArn", "region"],
  }),
  "aws:backup/plan:Plan": resource<aws.backup.Plan, aws.backup.PlanArgs>({
    autoName: { property: "name" },
    outputs: ({ uuid, arn, hex }) => {
      const id = uuid();
      return { id, arn: arn("backup", `backup-plan:${id}`), version: hex(48) };
    },
    replacedBy: ["name", "region"],
  }),
  "aws:backup/selection:Selection": resource<aws.backup.Selection, aws.backup.SelectionArgs>({
    autoName: { property: "name", maximum: 50 },
    outputs: ({ uuid }) => ({ id: uuid() }),
    replacedBy: [
      "name",
      "planId",
      "iamRoleArn",
      "resources",
      "notResources",
      "conditions",
      "selectionTags",
      "region",
    ],
  }),
};
