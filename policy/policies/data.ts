import type { Policy, Resource, ResourcePolicy, Verdict } from "../policy.ts";
import { input, isFalse, isTrue, required, violation } from "../reading.ts";

const instance = "aws:rds/instance:Instance";
const clusters = ["aws:rds/cluster:Cluster", "aws:docdb/cluster:Cluster", "aws:neptune/cluster:Cluster"];

/** A replica is made again from its source, and an instance of a cluster has none of its own. */
const isCopy = (resource: Resource) => input(resource, "replicateSourceDb") !== undefined;

const backedUp: ResourcePolicy = {
  name: "backups",
  level: "mandatory",
  promise: "Databases are backed up every day, and leave a last snapshot and their backups when they go.",
  reason: "A bad migration or a wrong command cannot be undone.",
  remedy: "Keep backups for seven days or more (nango:databaseBackupDays), and a last snapshot.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-11",
  judge: (resource) => {
    if (![instance, ...clusters].includes(resource.type) || isCopy(resource)) return [];
    return [
      ...required(
        resource,
        "backupRetentionPeriod",
        (days) => Number(days ?? 0) >= 1,
        "is not backed up: backupRetentionPeriod is 0",
      ),
      ...required(
        resource,
        "skipFinalSnapshot",
        (value) => !isTrue(value),
        "is deleted without a last snapshot: skipFinalSnapshot is true",
      ),
      // The preset is true. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
      ...(resource.type === instance
        ? required(
            resource,
            "deleteAutomatedBackups",
            isFalse,
            "takes its backups along when it is deleted: deleteAutomatedBackups is not false",
          )
        : []),
    ];
  },
};

/** What AWS itself can be told not to delete, by the property that says so. */
const guarded: Readonly<Record<string, string>> = {
  ...Object.fromEntries([instance, ...clusters].map((type) => [type, "deletionProtection"])),
  "aws:dynamodb/table:Table": "deletionProtectionEnabled",
};

/** What holds data, so that Pulumi must not delete it by the way. */
const holdingData: readonly string[] = [
  ...Object.keys(guarded),
  "aws:opensearch/domain:Domain",
  "aws:elasticsearch/domain:Domain",
  "aws:efs/fileSystem:FileSystem",
];

/**
 * How the name of a secret begins that holds a login for ECR's pull-through cache, which is given anew.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
 */
const cacheLogin = "ecr-pullthroughcache/";

const isCacheLogin = ({ inputs }: Resource) =>
  String(inputs["namePrefix"] ?? inputs["name"] ?? "").startsWith(cacheLogin);

/** The secret with all that Nango is given. */
const isNangosSecret = ({ type, urn }: Resource) =>
  type === "aws:secretsmanager/secret:Secret" && urn.includes("$nango:aws:StoredSecret$");

/**
 * What can be made again, such as a volume of certificates, or was given and can be given again, such as the key of a service
 * for monitoring, needs no protection. Without the encryption key nobody can read what the database keeps.
 */
const holdsData = (resource: Resource) => {
  const { type, name } = resource;
  return (
    holdingData.includes(type) ||
    isNangosSecret(resource) ||
    (type === "docker:index/volume:Volume" && name.endsWith("-data")) ||
    (type === "random:index/randomPassword:RandomPassword" && name.endsWith("-encryption-key"))
  );
};

const deletionProtection: ResourcePolicy = {
  name: "deletion-protection",
  level: "mandatory",
  promise: "What holds data is deleted by nobody by the way, neither by Pulumi nor in AWS.",
  reason: "A changed name or a wrong stack in the terminal is enough to lose everything.",
  remedy:
    "Set protect: true and deletionProtection: true. To delete on purpose, set nango:allowDataLoss for that deployment.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-8",
  givenUpBy: {
    allowDataLoss: "true",
    // A database that is restored takes the place of the one before. RDS protects it meanwhile.
    databaseSnapshot: "any",
    databaseRestoreTime: "any",
    recordsDatabaseSnapshot: "any",
    recordsDatabaseRestoreTime: "any",
  },
  judge: (resource) => {
    if (isCopy(resource)) return [];
    const property = guarded[resource.type];
    const byPulumi: Verdict[] =
      resource.protect || !holdsData(resource)
        ? []
        : [violation("may be deleted by Pulumi: it has no protect")];
    return [
      ...byPulumi,
      ...(property === undefined
        ? []
        : required(resource, property, isTrue, `may be deleted in AWS: ${property} is not true`)),
      // https://docs.aws.amazon.com/secretsmanager/latest/APIReference/API_DeleteSecret.html
      ...(resource.type === "aws:secretsmanager/secret:Secret" && !isCacheLogin(resource)
        ? required(
            resource,
            "recoveryWindowInDays",
            (days) => days === undefined || Number(days) >= 7,
            "is gone at once when it is deleted: recoveryWindowInDays is 0",
          )
        : []),
      // AWS refuses to delete a bucket or a vault that is not empty, unless it is emptied first.
      ...(/^aws:(s3|backup)\//.test(resource.type)
        ? required(
            resource,
            "forceDestroy",
            (value) => !isTrue(value),
            "is emptied when it is deleted: forceDestroy is true",
          )
        : []),
    ];
  },
};

export const data: readonly Policy[] = [backedUp, deletionProtection];
