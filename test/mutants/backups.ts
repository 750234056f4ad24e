import type { Fault } from "./fault.ts";

/** Of what is stored of a stack besides its databases, and of what they are restored from. */
export const backups: readonly Fault[] = [
  {
    fault: "the vault of backups goes with the stack",
    property: "data",
    find: `const outlives = { parent: this, retainOnDelete: true };`,
    replace: `const outlives = { parent: this };`,
    tests: ["aws/data/backup-vault"],
  },
  {
    fault: "the vault of backups may be deleted",
    property: "data",
    find: `const guarded = { ...outlives, protect: args.protect };`,
    replace: `const guarded = { ...outlives };`,
    tests: ["aws/data/backup-vault"],
  },
  {
    fault: "backups in another region are deleted when they are made, or never",
    property: "data",
    find: `({ destinationVaultArn: arn, lifecycle })`,
    replace: `({ destinationVaultArn: arn })`,
    tests: ["aws/data/backup-vault"],
  },
  {
    fault: "backups begin before their role may do anything",
    property: "data",
    find: `return pulumi.all([role.arn, attached.id]).apply(([arn]) => arn);`,
    replace: `void attached;\n    return role.arn;`,
    tests: ["aws/data/backup-vault", "aws/order"],
  },
  {
    fault: "a key that a database refused is remembered",
    property: "data",
    find: `        dependsOn: [...args.acceptedBy],\n`,
    replace: ``,
    tests: ["aws/configuration", "aws/data/database-source", "aws/order"],
  },
  {
    fault: "a database of another account's key is restored",
    property: "data",
    find: `if (found.shared || !found.encrypted)`,
    replace: `if (!found.encrypted)`,
    tests: ["aws/data/source-fitness", "aws/data/database-source"],
  },
];
