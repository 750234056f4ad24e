import { describe, expect, test } from "vitest";
import { UNKNOWN, type Properties } from "../../project/values.ts";
import { objections } from "./objections.ts";

type Case = readonly [type: string, breaks: Properties, keeps: Properties];

const at = (path: string, value: unknown): Properties =>
  path.split(".").reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as Properties;
const switchedOn = (type: string, path: string): Case => [type, {}, at(path, true)];
const switchedOff = (type: string, path: string): Case => [type, at(path, false), {}];

describe.each<[policy: string, cases: readonly Case[]]>([
  [
    "encrypted-at-rest",
    [
      switchedOn("aws:rds/instance:Instance", "storageEncrypted"),
      switchedOn("aws:rds/cluster:Cluster", "storageEncrypted"),
      switchedOn("aws:docdb/cluster:Cluster", "storageEncrypted"),
      switchedOn("aws:neptune/cluster:Cluster", "storageEncrypted"),
      switchedOn("aws:elasticache/replicationGroup:ReplicationGroup", "atRestEncryptionEnabled"),
      ["aws:elasticache/cluster:Cluster", {}, { replicationGroupId: "acme" }],
      switchedOn("aws:opensearch/domain:Domain", "encryptAtRest.enabled"),
      switchedOn("aws:elasticsearch/domain:Domain", "encryptAtRest.enabled"),
      switchedOn("aws:efs/fileSystem:FileSystem", "encrypted"),
      switchedOn("aws:ebs/volume:Volume", "encrypted"),
      switchedOn("aws:dax/cluster:Cluster", "serverSideEncryption.enabled"),
      ["aws:kinesis/stream:Stream", { encryptionType: "NONE" }, { encryptionType: "KMS" }],
      switchedOff("aws:redshift/cluster:Cluster", "encrypted"),
      switchedOff("aws:sqs/queue:Queue", "sqsManagedSseEnabled"),
      ["aws:sqs/queue:Queue", { sqsManagedSseEnabled: false }, { kmsMasterKeyId: "alias/acme" }],
      switchedOff("aws:ebs/encryptionByDefault:EncryptionByDefault", "enabled"),
      switchedOn("aws:ec2/instance:Instance", "rootBlockDevice.encrypted"),
      [
        "aws:ec2/instance:Instance",
        { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }, {}] },
        { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] },
      ],
    ],
  ],
  [
    "encrypted-in-transit",
    [
      [
        "aws:rds/parameterGroup:ParameterGroup",
        { family: "postgres16", parameters: [{ name: "rds.force_ssl", value: "0" }] },
        { family: "postgres16" },
      ],
      [
        "aws:rds/clusterParameterGroup:ClusterParameterGroup",
        { family: "aurora-postgresql14" },
        { family: "aurora-postgresql14", parameters: [{ name: "rds.force_ssl", value: "1" }] },
      ],
      [
        "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
        { family: "docdb5.0", parameters: [{ name: "tls", value: "disabled" }] },
        { family: "docdb5.0", parameters: [{ name: "tls", value: "tls1.2+" }] },
      ],
      [
        "aws:rds/instance:Instance",
        { engine: "postgres", engineVersion: "14.9" },
        { engine: "postgres", engineVersion: "16" },
      ],
      [
        "aws:rds/instance:Instance",
        { engine: "postgres", engineVersion: "14.9", parameterGroupName: "default.postgres14" },
        { engine: "postgres", engineVersion: "14.9", parameterGroupName: "acme" },
      ],
      switchedOn("aws:rds/proxy:Proxy", "requireTls"),
      switchedOn("aws:elasticache/replicationGroup:ReplicationGroup", "transitEncryptionEnabled"),
      [
        "aws:elasticache/replicationGroup:ReplicationGroup",
        { transitEncryptionEnabled: true, transitEncryptionMode: "preferred" },
        { transitEncryptionEnabled: true, transitEncryptionMode: "required" },
      ],
      switchedOn("aws:elasticache/cluster:Cluster", "transitEncryptionEnabled"),
      switchedOff("aws:memorydb/cluster:Cluster", "tlsEnabled"),
      [
        "aws:ecs/taskDefinition:TaskDefinition",
        { volumes: [{ efsVolumeConfiguration: { fileSystemId: "fs-1" } }] },
        { volumes: [{ efsVolumeConfiguration: { fileSystemId: "fs-1", transitEncryption: "ENABLED" } }] },
      ],
      [
        "aws:msk/cluster:Cluster",
        at("encryptionInfo.encryptionInTransit.clientBroker", "TLS_PLAINTEXT"),
        at("encryptionInfo.encryptionInTransit.clientBroker", "TLS"),
      ],
    ],
  ],
])("%s", (policy, cases) => {
  test.each(cases)("%s is refused with %j, and not with %j", (type, breaks, keeps) => {
    expect(objections(policy, type, breaks)).toHaveLength(1);
    expect(objections(policy, type, keeps)).toEqual([]);
  });

  test.each(cases)("%s with what is not known yet in place of %j is not refused", (type, breaks) => {
    const unknown = Object.fromEntries(Object.keys(breaks).map((name) => [name, UNKNOWN]));
    if (Object.keys(unknown).length > 0) expect(objections(policy, type, unknown)).toEqual([]);
  });
});
