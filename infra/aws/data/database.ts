import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { DatabaseSource, RdsConfig } from "../../config/stack-config.ts";
import { refuseAnotherKey } from "../../encryption-key-change.ts";
import { generatedPassword } from "../../generated-password.ts";
import { postgresUrl } from "../../nango/connection-url.ts";
import { refuseUnfitSource, sourceArgs, sourceName, sourceStorage } from "./database-source.ts";
import { deployedStorage, storageArgs } from "./database-storage.ts";
import { fingerprintIn, fingerprintTag } from "./fingerprint.ts";
import { closedSecurityGroup } from "../network/security-group.ts";

export interface DatabaseArgs {
  /** Plain, since it decides which resources there are. */
  readonly instance: RdsConfig;
  /** Another number than before makes another password, which RDS takes at once. */
  readonly passwordGeneration: number;
  readonly vpcId: pulumi.Input<string>;
  /** Subnets in two zones or more, of one VPC for ever. */
  readonly subnetIds: pulumi.Input<string[]>;
  /** Whether Pulumi and RDS refuse to delete the database. */
  readonly protect: boolean;
  /** How long CloudWatch keeps the database's logs, in days. */
  readonly logRetentionDays: number;
  /** That of the key with which Nango encrypts what is in it: its snapshots tell whom they are for. */
  readonly encryptionKeyFingerprint: pulumi.Input<string>;
  /** Whether data that is encrypted with another key is accepted. */
  readonly allowEncryptionKeyChange: boolean;
  /** The stack's name as Pulumi has it, and its region, for messages. */
  readonly place: { readonly stack: string; readonly region: string };
}

/** The port of Postgres. */
export const postgresPort = 5432;
const user = "nango";
const databaseName = "nango";

/**
 * Postgres on RDS that accepts encrypted connections only and is hard to lose.
 *
 * One that is restored takes the place of the one before it, which stays in AWS: while it is protected, Pulumi forgets a
 * database that it would delete. A source is remembered when it is named no longer, and then replaces nothing.
 */
export class Database extends pulumi.ComponentResource {
  /** `host:port` */
  readonly endpoint: pulumi.Output<string>;
  /** Its name in RDS. */
  readonly identifier: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** The verified connection URL of the one user. Secret. */
  readonly url: pulumi.Output<string>;
  /** The group whose members the database is. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Database", name, {}, opts);
    const { instance: wanted } = args;
    const parent = { parent: this };
    const group = closedSecurityGroup(
      name,
      { vpcId: args.vpcId, description: `Postgres of ${name}` },
      { ...parent, protect: args.protect },
    );
    const subnets = new aws.rds.SubnetGroup(
      name,
      { subnetIds: args.subnetIds, tags: { Name: name } },
      parent,
    );
    const parameters = this.parameterGroup(name, wanted);
    const password = generatedPassword(
      `${name}-password`,
      { length: 40, special: false, generation: args.passwordGeneration },
      parent,
    );
    const { source } = wanted;
    const check = source === undefined ? [] : [this.sourceCheck(name, source, args)];
    const incarnation = this.incarnation(name, subnets, source, check);
    const logGroups = this.logGroups(name, incarnation, args);

    const instance = this.instance(name, args, {
      incarnation,
      subnets,
      parameters,
      password: password.result,
      groupId: group.id,
      logGroups,
      check,
    });

    this.endpoint = instance.endpoint;
    this.identifier = instance.identifier;
    this.arn = instance.arn;
    this.securityGroupId = group.id;
    this.url = pulumi.secret(
      pulumi.all([instance.address, instance.username, password.result]).apply(([host, username, secret]) =>
        postgresUrl({
          host,
          port: postgresPort,
          user: username,
          password: secret,
          database: databaseName,
          tls: "verified",
        }),
      ),
    );
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /** Whatever keeps data outlives its replacement, while it is protected. */
  private kept({ protect }: DatabaseArgs) {
    return { parent: this, retainOnDelete: protect, deleteBeforeReplace: false };
  }

  private instance(
    name: string,
    args: DatabaseArgs,
    made: {
      incarnation: pulumi.Output<string>;
      subnets: aws.rds.SubnetGroup;
      parameters: aws.rds.ParameterGroup;
      password: pulumi.Output<string>;
      groupId: pulumi.Output<string>;
      logGroups: aws.cloudwatch.LogGroup[];
      check: pulumi.ResourceHook[];
    },
  ): aws.rds.Instance {
    const { instance: wanted } = args;
    const { source } = wanted;
    return new aws.rds.Instance(
      name,
      {
        identifier: made.incarnation,
        engine: "postgres",
        // A major version: RDS picks the minor one and raises it, and neither shows as a difference later.
        // https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/rds/engine_version.go
        engineVersion: wanted.version,
        autoMinorVersionUpgrade: true,
        allowMajorVersionUpgrade: true,
        instanceClass: wanted.instanceClass,
        storageType: "gp3",
        ...this.storage(args, made.incarnation),
        storageEncrypted: true,
        ...(source === undefined ? { dbName: databaseName, username: user } : sourceArgs(source)),
        password: made.password,
        port: postgresPort,
        dbSubnetGroupName: made.subnets.name,
        vpcSecurityGroupIds: [made.groupId],
        publiclyAccessible: false,
        multiAz: wanted.multiAz,
        parameterGroupName: made.parameters.name,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        performanceInsightsEnabled: wanted.performanceInsights,
        ...(wanted.performanceInsights
          ? ({ performanceInsightsRetentionPeriod: 7 } satisfies Partial<aws.rds.InstanceArgs>)
          : {}),
        enabledCloudwatchLogsExports: [...exportedLogs],
        backupRetentionPeriod: wanted.backupDays,
        copyTagsToSnapshot: true,
        deleteAutomatedBackups: false,
        deletionProtection: args.protect,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: pulumi.interpolate`${made.incarnation}-final`,
        // What the stack says holds when the deployment ends, not after the next maintenance window.
        applyImmediately: true,
        tags: { Name: name, [fingerprintTag]: args.encryptionKeyFingerprint },
      },
      {
        ...this.kept(args),
        // A source is to replace what is there. RDS protects it meanwhile.
        protect: args.protect && source === undefined,
        dependsOn: made.logGroups,
        hooks: {
          beforeCreate: made.check,
          // The tag says what the data is encrypted with, and not what somebody asked for.
          beforeUpdate: args.allowEncryptionKeyChange ? [] : [refuseAnotherKey(name, fingerprintIn)],
        },
        ignoreChanges: [
          // A preset says what a new database starts with; from then on it grows by itself, or by its key.
          ...(wanted.storageIsGiven ? [] : ["allocatedStorage", "iops", "storageThroughput"]),
          // Those of a restored database are its source's.
          "dbName",
          "username",
          ...(source === undefined ? ["snapshotIdentifier", "restoreToPointInTime"] : []),
        ],
        customTimeouts: { create: "60m", update: "120m", delete: "60m" },
      },
    );
  }

  private storage({ instance: wanted, place }: DatabaseArgs, identifier: pulumi.Output<string>) {
    const { source, storageIsGiven } = wanted;
    const parent = { parent: this };
    const storage = deployedStorage(identifier, parent)
      // It begins as large as its source, which it asks for only until it is there: a source may go.
      .apply(async (there) => there ?? (source && (await sourceStorage(source, place.region, parent))))
      .apply((there) => storageArgs(wanted, there));
    return {
      // Known in the preview of a new database as well, unless what is there has to be heeded.
      allocatedStorage: storageIsGiven || source ? storage.allocatedStorage : wanted.storageGb,
      maxAllocatedStorage: storage.maxAllocatedStorage,
      // Pulumi leaves out what is undefined when it is known, which their type does not say.
      iops: storage.apply(({ iops }) => iops!),
      storageThroughput: storage.apply(({ storageThroughput }) => storageThroughput!),
    };
  }

  private parameterGroup(name: string, wanted: RdsConfig): aws.rds.ParameterGroup {
    const maxConnections =
      wanted.maxConnections === undefined
        ? []
        : ([
            { name: "max_connections", value: String(wanted.maxConnections), applyMethod: "pending-reboot" },
          ] satisfies aws.types.input.rds.ParameterGroupParameter[]);
    return new aws.rds.ParameterGroup(
      `${name}-postgres${wanted.version}`,
      {
        family: `postgres${wanted.version}`,
        description: `Parameters of ${name}`,
        // The default since Postgres 15, said here so that no default can undo it. RDS reports what equals a default as
        // pending-reboot, whatever was asked for: another method would differ after every refresh.
        // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
        // https://github.com/hashicorp/terraform-provider-aws/issues/39252
        parameters: [{ name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" }, ...maxConnections],
        tags: { Name: name },
      },
      { parent: this },
    );
  }

  /**
   * A name that no other database had or will have. The final snapshot is called after it: a fixed name lets the second
   * database of a stack be deleted only after someone removed the first one's snapshot. The keepers are all that
   * replaces the database; a source that is not named any more stays among them.
   */
  private incarnation(
    name: string,
    subnets: aws.rds.SubnetGroup,
    source: DatabaseSource | undefined,
    check: pulumi.ResourceHook[],
  ): pulumi.Output<string> {
    const keepers = { subnetGroup: subnets.name, user, databaseName };
    const id = new random.RandomId(
      name,
      { byteLength: 4, keepers: source === undefined ? keepers : { ...keepers, source: sourceName(source) } },
      {
        parent: this,
        ignoreChanges: source === undefined ? ["keepers.source"] : [],
        // A name that is replaced is the first change of a restore: a source that is refused here changes nothing.
        hooks: { beforeCreate: check },
      },
    );
    return pulumi.interpolate`${name}-${id.hex}`;
  }

  /** Made before RDS makes them, which would keep what is in them for ever. */
  private logGroups(
    name: string,
    incarnation: pulumi.Output<string>,
    args: DatabaseArgs,
  ): aws.cloudwatch.LogGroup[] {
    return exportedLogs.map(
      (log) =>
        new aws.cloudwatch.LogGroup(
          `${name}-${log}`,
          {
            name: pulumi.interpolate`/aws/rds/instance/${incarnation}/${log}`,
            retentionInDays: args.logRetentionDays,
          },
          this.kept(args),
        ),
    );
  }

  private sourceCheck(name: string, source: DatabaseSource, args: DatabaseArgs): pulumi.ResourceHook {
    const { place, instance, allowEncryptionKeyChange } = args;
    return refuseUnfitSource(
      name,
      source,
      {
        ...place,
        version: instance.version,
        encryptionKeyFingerprint: args.encryptionKeyFingerprint,
        allowEncryptionKeyChange,
      },
      { parent: this },
    );
  }
}

const exportedLogs = ["postgresql", "upgrade"] as const;
