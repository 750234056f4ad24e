import { isRegion } from "../rules/aws-region.ts";
import { all, databaseIsMade, only } from "./condition.ts";
import { flag, integer, optionalText } from "./setting.ts";

const vaultIsMade = all(databaseIsMade, only("backupVault", "true"));

/** The settings of backups that do not go with the database. */
export const backups = {
  backupVault: flag({
    target: "aws",
    needs: databaseIsMade,
    change: ["adds resources"],
    changeNote:
      "Switching it off takes a deployment of nango:allowDataLoss before it, and leaves the vault with its backups in AWS.",
    default: false,
    description:
      "Whether AWS Backup takes a snapshot of the stack's databases each day into a vault of its own, besides the backups of RDS. It stays when the stack is destroyed.",
    example: "true",
  }),
  backupVaultDays: integer({
    target: "aws",
    needs: vaultIsMade,
    change: ["in place"],
    changeNote: "Backups that there are keep the days that they were made with.",
    least: 1,
    most: 36500,
    default: 35,
    description: "How many days the vault keeps a backup, and the copy of it.",
    example: "90",
  }),
  backupCopyRegion: optionalText({
    target: "aws",
    needs: vaultIsMade,
    change: ["adds resources"],
    changeNote:
      "Another region, or none again, takes a deployment of nango:allowDataLoss before it, and leaves the vault with its copies in AWS.",
    legal: "none, or another AWS region",
    description:
      "A region in which a second vault gets a copy of each backup. The region has to be one that the account uses.",
    example: "eu-west-1",
    check: (value) => (isRegion(value) ? undefined : "is not an AWS region such as eu-west-1"),
  }),
};
