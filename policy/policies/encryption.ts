import { holdsSecret } from "../../infra/nango/environment.ts";
import { encryptsCredentials } from "../../infra/nango/server-environment.ts";
import { UNKNOWN } from "../../project/values.ts";
import type { Policy, Resource, ResourcePolicy, StackPolicy, Verdict, VerdictOn } from "../policy.ts";
import { onServers } from "../processes.ts";
import { input, isFalse, isTrue, namedBy, records, required, violation } from "../reading.ts";

type Judge = (resource: Resource) => Verdict[];

/** Encrypted only where it says so. */
const asked =
  (path: string): Judge =>
  (resource) =>
    required(resource, path, isTrue, `is not encrypted where it is stored: ${path} is not true`);

/** Encrypted unless it says otherwise. */
const notRefused =
  (path: string): Judge =>
  (resource) =>
    required(
      resource,
      path,
      (value) => !isFalse(value),
      `is not encrypted where it is stored: ${path} is false`,
    );

const disks: Judge = (resource) =>
  ["rootBlockDevice", "ebsBlockDevices"].flatMap((property) => {
    const given = input(resource, property);
    if (given === UNKNOWN) return [{ unknown: property }];
    const found = records(given);
    const all = property === "rootBlockDevice" && found.length === 0 ? [{}] : found;
    return all.some(
      (disk: Record<string, unknown>) => !isTrue(disk["encrypted"]) && disk["encrypted"] !== UNKNOWN,
    )
      ? [violation(`has a disk that is not encrypted: ${property}`)]
      : [];
  });

const atRest: Readonly<Record<string, Judge>> = {
  // A replica in the same region is encrypted as its source is.
  "aws:rds/instance:Instance": (one) =>
    input(one, "replicateSourceDb") === undefined ? asked("storageEncrypted")(one) : [],
  "aws:rds/cluster:Cluster": asked("storageEncrypted"),
  "aws:docdb/cluster:Cluster": asked("storageEncrypted"),
  "aws:neptune/cluster:Cluster": asked("storageEncrypted"),
  "aws:elasticache/replicationGroup:ReplicationGroup": asked("atRestEncryptionEnabled"),
  "aws:elasticache/cluster:Cluster": (one) =>
    input(one, "replicationGroupId") === undefined
      ? [violation("cannot be encrypted where it is stored: only a replication group can")]
      : [],
  "aws:opensearch/domain:Domain": asked("encryptAtRest.enabled"),
  "aws:elasticsearch/domain:Domain": asked("encryptAtRest.enabled"),
  "aws:efs/fileSystem:FileSystem": asked("encrypted"),
  "aws:ebs/volume:Volume": asked("encrypted"),
  "aws:dax/cluster:Cluster": asked("serverSideEncryption.enabled"),
  "aws:kinesis/stream:Stream": (one) =>
    required(
      one,
      "encryptionType",
      (type) => type === "KMS",
      "is not encrypted where it is stored: encryptionType is not KMS",
    ),
  "aws:redshift/cluster:Cluster": notRefused("encrypted"),
  "aws:sqs/queue:Queue": (one) =>
    input(one, "kmsMasterKeyId") === undefined ? notRefused("sqsManagedSseEnabled")(one) : [],
  "aws:ssm/parameter:Parameter": parameterOfSsm,
  "aws:ebs/encryptionByDefault:EncryptionByDefault": notRefused("enabled"),
  "aws:ec2/instance:Instance": disks,
};

/** Only a SecureString is encrypted. https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html */
function parameterOfSsm(one: Resource): Verdict[] {
  const name = String(input(one, "name") ?? one.name);
  const isMarked = one.secretInputs?.some((path) => /^(insecureV|v)alue$/.test(path)) ?? false;
  const value = input(one, "value") ?? input(one, "insecureValue");
  const isSecret = isMarked || holdsSecret(name.replaceAll(/\W/g, "_"), String(value));
  return isSecret && input(one, "type") !== "SecureString"
    ? [violation("is a secret that is not encrypted where it is stored: type is not SecureString")]
    : [];
}

const encryptedAtRest: ResourcePolicy = {
  name: "encrypted-at-rest",
  level: "mandatory",
  promise: "Whatever keeps data keeps it encrypted.",
  reason: "A snapshot that is shared by mistake, or a disk that is thrown away, is read by whoever has it.",
  remedy: "Switch the encryption on before the resource is made: most cannot be encrypted afterwards.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-3",
  judge: (resource) => [
    ...(atRest[resource.type]?.(resource) ?? []),
    ...onServers(resource, ({ variables }) =>
      encryptsCredentials(variables) ? [] : ["stores credentials readable: it has no encryption key"],
    ),
  ],
};

/** Parameters by which a database refuses whoever comes without TLS, with the values that do. */
const forcing: Readonly<Record<string, RegExp>> = {
  "rds.force_ssl": /^1$/,
  require_secure_transport: /^(1|ON)$/i,
  tls: /^(enabled|tls1\.[23].*|fips-140-3)$/i,
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html: the preset since 15. */
const forcesTlsSince = 15;

const parameters: Judge = (resource) => {
  const given = input(resource, "parameters");
  if (given === UNKNOWN) return [{ unknown: "parameters" }];
  const set = records(given);
  const loose = set.filter(({ name, value }) => {
    const legal = forcing[String(name)];
    return legal !== undefined && value !== UNKNOWN && !legal.test(String(value));
  });
  const [, major] = /^(?:aurora-)?postgres(?:ql)?(\d+)/.exec(String(input(resource, "family"))) ?? [];
  const isOld = Number(major ?? forcesTlsSince) < forcesTlsSince;
  const lacks = isOld && !set.some(({ name }) => name === "rds.force_ssl");
  return [
    ...loose.map(({ name, value }) =>
      violation(`lets clients in without TLS: ${String(name)} is ${String(value)}`),
    ),
    ...(lacks ? [violation("lets clients in without TLS: rds.force_ssl is not 1")] : []),
  ];
};

/** A database of Postgres below 15 lets in whoever comes without TLS, unless a parameter group says otherwise. */
const ownParameters: Judge = (resource) => {
  const major = Number.parseInt(String(input(resource, "engineVersion") ?? forcesTlsSince), 10);
  const group = String(input(resource, "parameterGroupName") ?? "default.");
  return /postgres/.test(String(input(resource, "engine"))) &&
    major < forcesTlsSince &&
    group.startsWith("default.")
    ? [violation("lets clients in without TLS: its parameter group does not set rds.force_ssl")]
    : [];
};

const inTransit: Readonly<Record<string, Judge>> = {
  "aws:rds/parameterGroup:ParameterGroup": parameters,
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": parameters,
  "aws:docdb/clusterParameterGroup:ClusterParameterGroup": parameters,
  "aws:rds/instance:Instance": ownParameters,
  "aws:rds/proxy:Proxy": (one) =>
    required(one, "requireTls", isTrue, "takes connections without TLS: requireTls is not true"),
  "aws:elasticache/replicationGroup:ReplicationGroup": (one) => [
    ...required(
      one,
      "transitEncryptionEnabled",
      isTrue,
      "takes connections without TLS: transitEncryptionEnabled is not true",
    ),
    ...required(
      one,
      "transitEncryptionMode",
      (mode) => mode !== "preferred",
      "takes connections without TLS, too: transitEncryptionMode is preferred",
    ),
  ],
  "aws:elasticache/cluster:Cluster": (one) =>
    input(one, "replicationGroupId") === undefined
      ? required(
          one,
          "transitEncryptionEnabled",
          isTrue,
          "takes connections without TLS: transitEncryptionEnabled is not true",
        )
      : [],
  "aws:memorydb/cluster:Cluster": (one) =>
    required(
      one,
      "tlsEnabled",
      (value) => !isFalse(value),
      "takes connections without TLS: tlsEnabled is false",
    ),
  "aws:opensearch/domain:Domain": searchDomain,
  "aws:elasticsearch/domain:Domain": searchDomain,
  "aws:ecs/taskDefinition:TaskDefinition": (one) =>
    records(input(one, "volumes"))
      .flatMap(({ efsVolumeConfiguration }) => records(efsVolumeConfiguration))
      .filter(({ transitEncryption }) => transitEncryption !== "ENABLED")
      .map(() => violation("mounts a file system without TLS: transitEncryption is not ENABLED")),
  "aws:msk/cluster:Cluster": (one) =>
    required(
      one,
      "encryptionInfo.encryptionInTransit.clientBroker",
      (value) => value === undefined || value === "TLS",
      "takes connections without TLS: clientBroker is not TLS",
    ),
};

function searchDomain(resource: Resource): Verdict[] {
  return [
    ...required(
      resource,
      "domainEndpointOptions.enforceHttps",
      isTrue,
      "takes connections without TLS: enforceHttps is not true",
    ),
    ...required(
      resource,
      "nodeToNodeEncryption.enabled",
      isTrue,
      "does not encrypt what its nodes say to each other",
    ),
  ];
}

const encryptedInTransit: ResourcePolicy = {
  name: "encrypted-in-transit",
  level: "mandatory",
  promise: "Databases, Valkey, the search domain and file systems refuse connections without TLS.",
  reason: "Passwords and credentials cross the network readable, and nobody notices.",
  remedy: "Force TLS where the connection is taken, as rds.force_ssl does, and not only where it is made.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html#elasticache-5",
  judge: (resource) => inTransit[resource.type]?.(resource) ?? [],
};

/** Where a database says which parameters it has, and what makes such. */
const parameterGroups: Readonly<Record<string, { readonly property: string; readonly of: string }>> = {
  "aws:rds/instance:Instance": {
    property: "parameterGroupName",
    of: "aws:rds/parameterGroup:ParameterGroup",
  },
  "aws:rds/cluster:Cluster": {
    property: "dbClusterParameterGroupName",
    of: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
  },
  "aws:docdb/cluster:Cluster": {
    property: "dbClusterParameterGroupName",
    of: "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
  },
};

const knownParameters: StackPolicy = {
  name: "known-parameters",
  level: "mandatory",
  promise: "A database has the parameters that its stack gives it, or those of AWS.",
  reason:
    "A parameter group from elsewhere may let in clients without TLS, today or after somebody changes it.",
  remedy:
    "Make the parameter group in the program, or relax the policy and say who keeps rds.force_ssl at 1 there.",
  link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",
  judgeStack: (stack) =>
    stack.resources.flatMap((resource): VerdictOn[] => {
      const where = parameterGroups[resource.type];
      const name = where === undefined ? undefined : input(resource, where.property);
      if (where === undefined || name === undefined || String(name).startsWith("default.")) return [];
      const groups = namedBy(stack, resource, where.property, where.of);
      if (groups === undefined) return [{ resource, unknown: where.property }];
      if (groups.length > 0) return [];
      return [{ resource, violates: `has the parameter group ${String(name)} from elsewhere` }];
    }),
};

export const encryption: readonly Policy[] = [encryptedAtRest, encryptedInTransit, knownParameters];
