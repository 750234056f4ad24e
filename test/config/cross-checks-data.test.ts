import { describe, expect, test } from "vitest";
import { rdsCertificates } from "../../infra/config/rules/rds-certificates.ts";
import { problems, type Surroundings, type Texts } from "./given.ts";

const ownDatabase = { databaseUrl: "postgresql://nango:s%40cret@db.example.com:5432/nango" };
const ownLogs = {
  logs: "external",
  logsProvider: "opensearch",
  logsUrl: "https://logs.example.com:9243",
  logsUser: "nango",
  logsPassword: "s3cret",
};
const without = (values: Texts, left: string) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name !== left));

/** A combination that is refused with one message, and the nearest one that is legal. */
interface Case {
  readonly refused: Texts;
  readonly message: RegExp;
  readonly mended: Texts;
  readonly surroundings?: Surroundings;
}

const cases: Record<string, Case> = {
  "a size for a database that the stack does not make": {
    refused: { ...ownDatabase, databaseInstanceClass: "db.m7g.large" },
    message: /databaseInstanceClass has no effect: the database is brought by nango:databaseUrl/,
    mended: ownDatabase,
  },
  "a size for records that share a database": {
    refused: { recordsDatabaseStorageGb: "50" },
    message: /recordsDatabaseStorageGb has no effect while nango:recordsDatabase = "shared"/,
    mended: { recordsDatabaseStorageGb: "50", recordsDatabase: "dedicated" },
  },
  "nodes of a cache that nobody needs": {
    refused: { cacheNodes: "2" },
    message: /cacheNodes has no effect: the stack makes no ElastiCache/,
    mended: { cacheNodes: "2", redis: "elasticache" },
  },
  "more data nodes than their masters can look after": {
    refused: {
      logs: "opensearch",
      searchInstanceType: "m7g.large.search",
      searchInstanceCount: "12",
      searchMasterType: "t3.small.search",
    },
    message: /t3\.small\.search master nodes look after at most 10 data nodes, not 12/,
    mended: {
      logs: "opensearch",
      searchInstanceType: "m7g.large.search",
      searchInstanceCount: "12",
      searchMasterType: "m7g.large.search",
    },
  },
  "a snapshot and a moment to restore": {
    refused: {
      databaseSnapshot: "nango-1",
      databaseRestoreTime: "latest",
      databaseRestoreSource: "nango-database-1",
    },
    message: /databaseSnapshot has no effect: nango:databaseRestoreTime says what the database is made from/,
    mended: { databaseSnapshot: "nango-1" },
  },
  "a moment of no database": {
    refused: { databaseRestoreTime: "latest" },
    message:
      /databaseRestoreTime has no effect without nango:databaseRestoreSource\.\nGive nango:databaseRestoreSource/,
    mended: { databaseRestoreTime: "latest", databaseRestoreSource: "nango-database-1" },
  },
  "a database at no moment": {
    refused: { recordsDatabase: "dedicated", recordsDatabaseRestoreSource: "nango-records-1" },
    message: /recordsDatabaseRestoreSource has no effect without nango:recordsDatabaseRestoreTime/,
    mended: {
      recordsDatabase: "dedicated",
      recordsDatabaseRestoreSource: "nango-records-1",
      recordsDatabaseRestoreTime: "latest",
    },
  },
  "a snapshot for records that share a database": {
    refused: { recordsDatabaseSnapshot: "nango-1" },
    message: /recordsDatabaseSnapshot has no effect while nango:recordsDatabase = "shared"/,
    mended: { recordsDatabaseSnapshot: "nango-1", recordsDatabase: "dedicated" },
  },
  "a copy of backups beside them": {
    refused: { backupVault: "true", backupCopyRegion: "eu-central-1" },
    message: /backupCopyRegion = "eu-central-1" is the stack's own region/,
    mended: { backupVault: "true", backupCopyRegion: "eu-west-1" },
  },
  "a copy of backups in another partition": {
    refused: { backupVault: "true", backupCopyRegion: "cn-north-1" },
    message:
      /backupCopyRegion = "cn-north-1" is in the partition aws-cn of AWS, .* from aws .*\nName another one .*backupCopyRegion eu-west-1$/s,
    mended: { backupVault: "true", backupCopyRegion: "eu-west-1" },
  },
  "a copy of no backups": {
    refused: { backupCopyRegion: "eu-west-1" },
    message: /backupCopyRegion has no effect while nango:backupVault = "false"/,
    mended: { backupVault: "true", backupCopyRegion: "eu-west-1" },
  },
  "a snapshot in another region": {
    refused: { databaseSnapshot: "arn:aws:rds:eu-west-1:123456789012:snapshot:nango-1" },
    message:
      /a snapshot in eu-west-1, but the stack is in eu-central-1 .*\nCopy it: aws rds copy-db-snapshot --region eu-central-1 --source-region eu-west-1 --source-db-snapshot-identifier arn:aws:rds:eu-west-1:123456789012:snapshot:nango-1 /,
    mended: { databaseSnapshot: "arn:aws:rds:eu-central-1:123456789012:snapshot:nango-1" },
  },
  "a region of another partition": {
    refused: {},
    surroundings: { region: "us-gov-west-1" },
    message: /Fetch the bundle of us-gov-west-1 \(https:\/\/docs\.aws\.amazon\.com/,
    mended: { trustedCaPem: rdsCertificates("eu-central-1") ?? "" },
  },
  "a misspelt region": {
    refused: {},
    surroundings: { region: "eu-centrl-1" },
    message:
      /^aws:region = "eu-centrl-1" is a region that this project does not know\. Did you mean eu-central-1\?\nIf so in stacks\/Pulumi\.dev\.yaml: `aws:region: eu-central-1`, or: .*\n(?!.*eu-centrl)/,
    mended: { trustedCaPem: rdsCertificates("eu-central-1") ?? "" },
  },
  "a database of RDS in a region of another partition": {
    refused: { databaseUrl: "postgresql://n:p@acme.abc123.rds.cn-north-1.amazonaws.com.cn/nango" },
    message: /^An existing database is RDS's, in a region .*\nFetch the bundle of cn-north-1 \(https:/,
    mended: {
      databaseUrl: "postgresql://n:p@acme.abc123.rds.cn-north-1.amazonaws.com.cn/nango",
      trustedCaPem: rdsCertificates("eu-central-1") ?? "",
    },
  },
  "replicas without Redis": {
    refused: { replicas: "2", redis: "none" },
    message:
      /redis = "none" leaves up to 2 replicas without Redis.*\nOr keep one replica in .*nango:maxReplicas 1 && npx pulumi config set -s dev nango:replicas 1$/s,
    mended: { replicas: "1", maxReplicas: "1", redis: "none" },
  },
  "a size of several replicas without Redis": {
    refused: { size: "medium", redis: "none", replicas: "preset" },
    message:
      /leaves up to 4 replicas without Redis.*\nOr keep one replica in .*: `nango:maxReplicas: 1`, or: npx pulumi config set -s dev nango:maxReplicas 1$/s,
    mended: { size: "medium", redis: "none", maxReplicas: "1" },
  },
  "more replicas than their ceiling": {
    refused: { replicas: "3", maxReplicas: "2" },
    message:
      /replicas = 3 is more than nango:maxReplicas = 2\.\nRaise the ceiling in stacks\/Pulumi\.dev\.yaml: `nango:maxReplicas: 3`, or: npx pulumi config set -s dev nango:maxReplicas 3/,
    mended: { replicas: "2", maxReplicas: "3" },
  },
  "an external Redis without its URL": {
    refused: { redis: "external" },
    message: /redis = "external" needs nango:redisUrl/,
    mended: { redis: "external", redisUrl: "rediss://:token@redis.example.com" },
  },
  "a URL beside a Redis of the stack": {
    refused: { redis: "elasticache", redisUrl: "rediss://:token@redis.example.com" },
    message: /redis has no effect: nango:redisUrl brings a Redis/,
    mended: { redisUrl: "rediss://:token@redis.example.com" },
  },
  "pools that exhaust the database at full scale": {
    refused: { maxReplicas: "20" },
    message:
      /20 replicas of 10 connections each, twice over.*need 400 connections, but the main database has 78, of which 16 stay free\.\nTake a larger nango:databaseInstanceClass, or a smaller nango:maxReplicas\. If/s,
    mended: { maxReplicas: "20", databaseInstanceClass: "db.m7g.large" },
  },
  "a fixed pool that exhausts the database": {
    refused: { databasePoolMax: "60" },
    message:
      /1 replica of 65 connections each.*need 135 connections, but the main database has 78, .*\nTake a larger nango:databaseInstanceClass, or a smaller nango:databasePoolMax\. If/,
    mended: { databasePoolMax: "20" },
  },
  "pools that exhaust an existing database": {
    refused: { ...ownDatabase, maxReplicas: "5" },
    message:
      /but the main database has 100, .*\nTake a smaller nango:maxReplicas\. If .* nango:databaseMaxConnections 125$/s,
    mended: { ...ownDatabase, maxReplicas: "5", databaseMaxConnections: "400" },
  },
  "logs for longer than one node has shards": {
    refused: { logs: "opensearch", logsRetentionDays: "246" },
    message:
      /logsRetentionDays = 246 is more than one data node has shards for: after 245 days .*logsRetentionDays 245\nOr take more nodes in .*searchInstanceCount 2$/s,
    mended: { logs: "opensearch", logsRetentionDays: "246", searchInstanceCount: "2" },
  },
  "a limit of connections of a server that is told of already": {
    refused: {
      ...ownDatabase,
      recordsDatabaseUrl: ownDatabase.databaseUrl,
      recordsDatabaseMaxConnections: "200",
    },
    message: /recordsDatabaseMaxConnections has no effect: .* on the server of nango:databaseUrl/,
    mended: { ...ownDatabase, recordsDatabaseUrl: ownDatabase.databaseUrl, databaseMaxConnections: "200" },
  },
  "pools that exhaust the records database": {
    refused: { size: "large", recordsDatabase: "dedicated", recordsDatabaseMaxConnections: "40" },
    message:
      /12 replicas of 2 connections each.*but the records database has 40, .*\nTake a larger nango:recordsDatabaseInstanceClass, or a smaller nango:maxReplicas\. If .* nango:recordsDatabaseMaxConnections 60$/,
    mended: { size: "large", recordsDatabase: "dedicated", recordsDatabaseMaxConnections: "60" },
  },
  "an instance class that nobody knows": {
    refused: { databaseInstanceClass: "db.t4g.mikro" },
    message: /"db\.t4g\.mikro" is not a class that this project knows.*Did you mean db\.t4g\.micro\?/,
    mended: { databaseInstanceClass: "db.m9g.large", databaseMaxConnections: "800" },
  },
  "storage that cannot grow": {
    refused: { databaseStorageGb: "100", databaseMaxStorageGb: "109" },
    message:
      /databaseMaxStorageGb = 109 is less than a tenth above nango:databaseStorageGb = 100.*\n.*MaxStorageGb 200/,
    mended: { databaseStorageGb: "100", databaseMaxStorageGb: "110" },
  },
  "storage above what the size grows to": {
    refused: { databaseMaxStorageGb: "20" },
    message: /databaseMaxStorageGb = 20 is less than a tenth above nango:databaseStorageGb = 20/,
    mended: { databaseStorageGb: "59578" },
  },
  "storage of the records database that cannot grow": {
    refused: {
      recordsDatabase: "dedicated",
      recordsDatabaseStorageGb: "100",
      recordsDatabaseMaxStorageGb: "100",
    },
    message:
      /recordsDatabaseMaxStorageGb = 100 is less than a tenth above nango:recordsDatabaseStorageGb = 100/,
    mended: { recordsDatabase: "dedicated", recordsDatabaseStorageGb: "200" },
  },
  "unverified TLS to a database of the stack": {
    refused: { databaseTls: "unverified" },
    message: /databaseTls has no effect: the stack brings no database/,
    mended: { databaseTls: "unverified", ...ownDatabase },
  },
  "a records database that is both made and brought": {
    refused: { recordsDatabase: "dedicated", recordsDatabaseUrl: ownDatabase.databaseUrl },
    message: /recordsDatabase has no effect: nango:recordsDatabaseUrl brings the records database/,
    mended: { recordsDatabaseUrl: ownDatabase.databaseUrl },
  },
  "a database URL that Nango cannot read": {
    refused: { databaseUrl: "postgresql://nango:sec#ret@db.example.com/nango" },
    message:
      /databaseUrl = \(secret\) holds an unencoded special character: in user and password, percent-encode/,
    mended: { databaseUrl: "postgresql://nango:sec%23ret@db.example.com/nango" },
  },
  "a database URL by address, which TLS cannot verify": {
    refused: { databaseUrl: "postgresql://nango:secret@10.0.0.7/nango" },
    message: /databaseUrl \(secret\) the database host is an IP address/,
    mended: { databaseUrl: "postgresql://nango:secret@10.0.0.7/nango", databaseTls: "unverified" },
  },
  "a region whose certificates nobody carries": {
    refused: {},
    surroundings: { region: "mx-central-1" },
    message:
      /mx-central-1.*does not carry\.\nFetch https:\/\/truststore\.pki\.rds\.amazonaws\.com\/mx-central-1\/.*trustedCaPem -- /s,
    mended: { trustedCaPem: rdsCertificates("eu-central-1") ?? "" },
  },
  "a domain of search nodes that two zones cannot share": {
    refused: { logs: "opensearch", searchInstanceCount: "3" },
    message: /logs = "opensearch": two availability zones need an even number of data nodes, not 3/,
    mended: { logs: "opensearch", searchInstanceCount: "3", availabilityZones: "3" },
  },
  "more storage than a search node takes": {
    refused: { logs: "opensearch", searchVolumeGb: "200" },
    message: /one t3\.small\.search node has at most 100 GiB of storage, not 200/,
    mended: { logs: "opensearch", searchVolumeGb: "200", searchInstanceType: "t3.medium.search" },
  },
  "a search node of no family": {
    refused: { logs: "opensearch", searchInstanceType: "constructor.x.search" },
    message: /is not an OpenSearch instance type such as t3\.small\.search/,
    mended: { logs: "opensearch", searchInstanceType: "m7g.medium.search" },
  },
  "search nodes without a domain": {
    refused: { searchVolumeGb: "50" },
    message: /searchVolumeGb has no effect while nango:logs = "stdout"/,
    mended: { searchVolumeGb: "50", logs: "opensearch" },
  },
  "a store's user without the store": {
    refused: { logs: "opensearch", logsUser: "nango" },
    message: /logsUser has no effect while nango:logs = "opensearch"/,
    mended: ownLogs,
  },
  ...Object.fromEntries(
    ["logsProvider", "logsUrl", "logsUser", "logsPassword"].map((key) => [
      `an external store without ${key}`,
      { refused: without(ownLogs, key), message: new RegExp(`needs nango:${key}\\.`), mended: ownLogs },
    ]),
  ),
};

describe.each(Object.entries(cases))("%s", (_, { refused, message, mended, surroundings }) => {
  test("is refused with one message that says the way out", () => {
    expect(problems(refused, surroundings)).toEqual([expect.stringMatching(message)]);
  });
  test("is legal once mended", () => {
    expect(problems(mended, surroundings)).toEqual([]);
  });
});

test("a region without certificates is no matter where no database is made", () => {
  expect(problems(ownDatabase, { region: "mx-central-1" })).toEqual([]);
  const proxy = "postgresql://n:p@acme.proxy-abc123.mx-central-1.rds.amazonaws.com/nango";
  expect(problems({ databaseUrl: proxy })).toEqual([]);
});
