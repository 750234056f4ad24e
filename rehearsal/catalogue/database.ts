import type * as aws from "@pulumi/aws";

import type { Properties } from "../../project/values.ts";
import { invocation, resource } from "./entry.ts";

const INSTANCE = "aws:rds/instance:Instance";
const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";

/** A database of the stack's own kind that is somewhere else: of the version that the stack wants. */
function elsewhere(registered: (type: string) => readonly Properties[]) {
  const family = String(registered(PARAMETERS)[0]?.["family"] ?? "postgres16");
  return {
    engine: "postgres",
    engineVersion: family.replace("postgres", ""),
    allocatedStorage: 20,
    tags: {},
  };
}

/** `aws.rds` */
export const databaseResources = {
  "aws:rds/subnetGroup:SubnetGroup": resource<aws.rds.SubnetGroup, aws.rds.SubnetGroupArgs>({
    autoName: { property: "name" },
    outputs: ({ inputs, arn }) => ({ arn: arn("rds", `subgrp:${inputs.name}`) }),
    replacedBy: ["name", "namePrefix"],
  }),
  [PARAMETERS]: resource<aws.rds.ParameterGroup, aws.rds.ParameterGroupArgs>({
    autoName: { property: "name" },
    outputs: ({ inputs, arn }) => ({ arn: arn("rds", `pg:${inputs.name}`) }),
    replacedBy: ["name", "namePrefix", "description", "family"],
  }),
  [INSTANCE]: resource<aws.rds.Instance, aws.rds.InstanceArgs>({
    autoName: { property: "identifier", maximum: 63 },
    outputs: ({ inputs, hex, arn, region, dnsSuffix }) => {
      const address = `${inputs.identifier}.c${hex(11)}.${region}.rds.${dnsSuffix}`;
      const port = inputs.port ?? 5432;
      return {
        id: `db-${hex(26).toUpperCase()}`,
        resourceId: `db-${hex(26).toUpperCase()}`,
        arn: arn("rds", `db:${inputs.identifier}`),
        address,
        endpoint: `${address}:${port}`,
        port,
        // A restored one has those of its source.
        username: inputs.username ?? "nango",
        dbName: inputs.dbName ?? "nango",
        engineVersionActual: inputs.engineVersion ?? "",
        availabilityZone: inputs.availabilityZone ?? `${region}a`,
        status: "available",
      };
    },
    replacedBy: [
      "availabilityZone",
      "dbName",
      "engine",
      "kmsKeyId",
      "restoreToPointInTime",
      "snapshotIdentifier",
      "storageEncrypted",
      "username",
    ],
  }),
};

/** What a program asks about databases: those of the stack, as its last deployment left them, and others elsewhere. */
export const databaseFunctions = {
  "aws:rds/getInstances:getInstances": invocation<
    aws.rds.GetInstancesArgs,
    Pick<aws.rds.GetInstancesResult, "id" | "instanceArns" | "instanceIdentifiers">
  >({
    answer: ({ inputs, region, registered }) => {
      const wanted = inputs.filters?.find(({ name }) => name === "db-instance-id")?.values;
      const found = registered(INSTANCE).filter(
        ({ identifier }) => wanted === undefined || wanted.includes(String(identifier)),
      );
      return {
        id: region,
        instanceArns: found.map(({ arn }) => String(arn)),
        instanceIdentifiers: found.map(({ identifier }) => String(identifier)),
      };
    },
  }),
  "aws:rds/getInstance:getInstance": invocation<
    aws.rds.GetInstanceArgs,
    Pick<
      aws.rds.GetInstanceResult,
      | "id"
      | "dbInstanceIdentifier"
      | "engine"
      | "engineVersion"
      | "allocatedStorage"
      | "backupRetentionPeriod"
      | "maxAllocatedStorage"
      | "storageEncrypted"
      | "tags"
    >
  >({
    answer: ({ inputs, registered }) => {
      const found = registered(INSTANCE).find(({ identifier }) => identifier === inputs.dbInstanceIdentifier);
      const dbInstanceIdentifier = String(inputs.dbInstanceIdentifier);
      return {
        id: dbInstanceIdentifier,
        dbInstanceIdentifier,
        maxAllocatedStorage: 0,
        backupRetentionPeriod: 7,
        storageEncrypted: true,
        ...elsewhere(registered),
        ...(found && {
          engineVersion: String(found["engineVersion"]),
          allocatedStorage: Number(found["allocatedStorage"]),
          maxAllocatedStorage: Number(found["maxAllocatedStorage"] ?? 0),
          backupRetentionPeriod: Number(found["backupRetentionPeriod"]),
          tags: (found["tags"] ?? {}) as Record<string, string>,
        }),
      };
    },
  }),
  "aws:rds/getSnapshot:getSnapshot": invocation<
    aws.rds.GetSnapshotArgs,
    Pick<
      aws.rds.GetSnapshotResult,
      | "id"
      | "dbSnapshotArn"
      | "engine"
      | "engineVersion"
      | "allocatedStorage"
      | "encrypted"
      | "status"
      | "tags"
    >
  >({
    answer: ({ inputs, arn, registered }) => {
      const id = String(inputs.dbSnapshotIdentifier);
      return {
        id,
        dbSnapshotArn: id.startsWith("arn:") ? id : arn("rds", `snapshot:${id}`),
        status: "available",
        encrypted: true,
        ...elsewhere(registered),
      };
    },
  }),
};
