import type { GivenConfiguration, SettingValues } from "./parse.ts";
import { type Check, when } from "./problem.ts";
import { settings, type SettingName } from "./settings.ts";
import { dockerSettings } from "./settings-docker.ts";
import { networkSettings } from "./settings-network.ts";

type Target = SettingValues["target"];

const names = (group: object) => Object.keys(group) as SettingName[];

/** What says something about one target alone. */
const onlyFor: Readonly<Record<Target, readonly SettingName[]>> = {
  aws: [
    "size",
    "pinDigest",
    "imageSource",
    "dockerHubUser",
    "dockerHubToken",
    ...names(networkSettings.Access).filter((name) => name !== "allowPrivateAddresses"),
    ...names(networkSettings.Network),
    "databaseVersion",
    "databaseInstanceClass",
    "databaseStorageGb",
    "databaseMaxStorageGb",
    "databaseMultiAz",
    "databaseBackupDays",
    "performanceInsights",
    "databaseMaxConnections",
    "recordsDatabaseInstanceClass",
    "recordsDatabaseStorageGb",
    "recordsDatabaseMaxStorageGb",
    "recordsDatabaseBackupDays",
    "recordsDatabaseMaxConnections",
    "searchInstanceType",
    "searchInstanceCount",
    "searchVolumeGb",
    "searchMasterType",
    "cacheNodeType",
    "cacheNodes",
    "allowEncryptionKeyChange",
    "replicas",
    "maxReplicas",
    "cpu",
    "memory",
    "spot",
    "executeCommand",
    "containerLogRetentionDays",
  ],
  docker: names(dockerSettings.Docker),
};

/** Whether a stack sets a key. Pulumi hands over the defaults of all others. */
function isSet(given: GivenConfiguration, name: SettingName): boolean {
  const { default: standard } = settings[name];
  const text = typeof standard === "object" ? JSON.stringify(standard) : String(standard);
  return given.values[name] !== undefined && given.values[name] !== text;
}

/** Settings that mean nothing where the stack runs: the user expects something that would not happen. */
export const target: Check = (values, given) => {
  const other: Target = values.target === "aws" ? "docker" : "aws";
  return onlyFor[other].flatMap((name) =>
    when(
      isSet(given, name),
      ["target", name],
      `nango:${name} has no effect while nango:target = "${values.target}": it is for ${other} only.\nRemove it: pulumi config rm nango:${name}`,
    ),
  );
};

/** The Redis that each target can make. */
export const targetRedis: Check = (values) => {
  const { own, foreign } =
    values.target === "aws"
      ? { own: "elasticache", foreign: "container" }
      : { own: "container", foreign: "elasticache" };
  return when(
    values.redis === foreign,
    ["redis", "target"],
    `nango:redis = "${foreign}" cannot be made while nango:target = "${values.target}".\nFor example: pulumi config set nango:redis ${own}`,
  );
};

/** What is wrong between the settings of containers. */
export const docker: Check = (values) =>
  when(
    values.dockerServerPort === values.dockerConnectPort,
    ["dockerServerPort", "dockerConnectPort"],
    `nango:dockerServerPort and nango:dockerConnectPort are both ${values.dockerServerPort}.\nFor example: pulumi config set nango:dockerConnectPort ${values.dockerServerPort + 6}`,
  );
