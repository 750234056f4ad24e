import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BackupVaultConfig } from "../../config/stack-config.ts";
import type { Database } from "./database.ts";

export interface BackupVaultArgs {
  readonly vault: BackupVaultConfig;
  /** What is backed up. */
  readonly databases: readonly Database[];
  /** The policy that bounds the role; undefined where nothing does. */
  readonly permissionsBoundaryArn: string | undefined;
  /** Whether Pulumi refuses to delete the vaults. */
  readonly protect: boolean;
}

/**
 * Daily backups by AWS Backup, besides those of RDS. The vaults outlive the stack, since a vault is not deleted while a
 * backup is in it, and so does the role, with which AWS Backup deletes each of them when its days are over.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/deleting-backups.html
 */
export class BackupVault extends pulumi.ComponentResource {
  /** The vault in the stack's region. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: BackupVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:BackupVault", name, {}, opts);
    const { days, copyRegion } = args.vault;
    const outlives = { parent: this, retainOnDelete: true };
    const guarded = { ...outlives, protect: args.protect };
    const vault = new aws.backup.Vault(name, { tags: { Name: name } }, guarded);
    const copies =
      copyRegion === undefined
        ? []
        : [new aws.backup.Vault(`${name}-copy`, { region: copyRegion, tags: { Name: name } }, guarded)];
    const lifecycle = { deleteAfter: days };
    const plan = new aws.backup.Plan(
      name,
      {
        rules: [
          {
            ruleName: "daily",
            targetVaultName: vault.name,
            // RDS makes no snapshot around its own backups and maintenance: AWS Backup tries again for eight hours.
            // https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
            schedule: "cron(0 1 ? * * *)",
            startWindow: 480,
            completionWindow: 1440,
            lifecycle,
            ...(copies.length === 0
              ? {}
              : ({
                  copyActions: copies.map(({ arn }) => ({ destinationVaultArn: arn, lifecycle })),
                } satisfies Partial<aws.types.input.backup.PlanRule>)),
          },
        ],
        tags: { Name: name },
      },
      { parent: this },
    );
    const role = this.role(name, args.permissionsBoundaryArn, outlives);
    new aws.backup.Selection(
      name,
      { planId: plan.id, iamRoleArn: role, resources: args.databases.map(({ arn }) => arn) },
      { parent: this },
    );
    this.name = vault.name;
    this.registerOutputs({ name: this.name });
  }

  private role(
    name: string,
    permissionsBoundaryArn: string | undefined,
    opts: pulumi.CustomResourceOptions,
  ): pulumi.Output<string> {
    const role = new aws.iam.Role(
      name,
      {
        description: "Backs up the databases of Nango",
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" },
          ],
        }),
        ...(permissionsBoundaryArn === undefined
          ? {}
          : ({ permissionsBoundary: permissionsBoundaryArn } satisfies Partial<aws.iam.RoleArgs>)),
        tags: { Name: name },
      },
      opts,
    );
    const { partition } = aws.getPartitionOutput({}, { parent: this });
    const attached = new aws.iam.RolePolicyAttachment(
      name,
      {
        role: role.name,
        policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup`,
      },
      opts,
    );
    // Without its policy the role backs up nothing.
    return pulumi.all([role.arn, attached.id]).apply(([arn]) => arn);
  }
}
