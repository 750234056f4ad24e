import type * as aws from "@pulumi/aws";

import { Refusal } from "../refusal.ts";
import { invocation, resource } from "./entry.ts";

const INSTANCE = "aws:rds/instance:Instance";

/** `aws.rds` */
export const databaseResources = {
  "aws:rds/subnetGroup:SubnetGroup": resource<aws.rds.SubnetGroup, aws.rds.SubnetGroupArgs>({
    autoName: { property: "name" },
    outputs: ({ inputs, arn }) => ({ arn: arn("rds", `subgrp:${inputs.name}`) }),
    replacedBy: ["name", "namePrefix"],
  }),
  "aws:rds/parameterGroup:ParameterGroup": resource<aws.rds.ParameterGroup, aws.rds.ParameterGroupArgs>({
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
      "snapshotIdentifier",
      "storageEncrypted",
      "username",
    ],
  }),
};

/** What a program asks about databases that are there already: those of the stack, as its last deployment left them. */
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
      "id" | "dbInstanceIdentifier" | "allocatedStorage" | "maxAllocatedStorage"
    >
  >({
    answer: ({ inputs, registered }) => {
      const found = registered(INSTANCE).find(({ identifier }) => identifier === inputs.dbInstanceIdentifier);
      if (found === undefined) throw new Refusal("no matching RDS DB Instance found");
      return {
        id: String(found["identifier"]),
        dbInstanceIdentifier: String(found["identifier"]),
        allocatedStorage: Number(found["allocatedStorage"]),
        maxAllocatedStorage: Number(found["maxAllocatedStorage"] ?? 0),
      };
    },
  }),
};
