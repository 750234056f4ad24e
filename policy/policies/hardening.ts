import { whyDashboardIsOpen } from "../../infra/nango/server-environment.ts";
import { balancers } from "../load-balancing.ts";
import type { Policy, Resource, ResourcePolicy, Verdict } from "../policy.ts";
import { onContainers, onServers } from "../processes.ts";
import { input, isFalse, isTrue, records, required, texts, violation } from "../reading.ts";

const onDocker = "docker:index/container:Container";
const mayShareHost = ["aws:ecs/taskDefinition:TaskDefinition", onDocker];

/** Which namespaces of its host a task or a container shares. */
const sharesHost = (resource: Resource) =>
  ["pidMode", "ipcMode", "networkMode", "usernsMode"].filter(
    (property) => input(resource, property) === "host",
  );

/**
 * What of a machine gives the machine: the engine's socket and each folder above it, and what the system is made of. Files in
 * /etc, such as certificates, do not.
 * https://docs.docker.com/engine/security/protect-access/
 */
const machine = /^\/(proc|sys|dev|root|boot|var\/lib\/docker)(\/|$)|\/docker\.sock$/;
const wholes = ["/", "/etc", "/var", "/var/run", "/run"];
const isMachine = (source: unknown) => {
  const folder = String(source).replace(/(?<=.)\/+$/, "");
  return machine.test(folder) || wholes.includes(folder);
};

/** What makes a container of Docker more than one: the machine's rights, or the engine that gives them. */
function moreThanContainer(resource: Resource): string[] {
  if (resource.type !== onDocker) return [];
  const mounted = [...records(input(resource, "volumes")), ...records(input(resource, "mounts"))].map(
    ({ hostPath, source }) => hostPath ?? source,
  );
  return [
    ...(isTrue(input(resource, "privileged")) ? ["is privileged"] : []),
    ...texts(input(resource, "capabilities.adds")).map((capability) => `has the capability ${capability}`),
    ...mounted.filter(isMachine).map((source) => `commands its machine: it mounts ${String(source)}`),
    ...records(input(resource, "devices")).map(({ hostPath }) => `has the device ${String(hostPath)}`),
    ...texts(input(resource, "securityOpts"))
      .filter((option) => /[=:](unconfined|disable)$/.test(option))
      .map((option) => `is not confined: ${option}`),
    ...(records(input(resource, "ports")).length > 0 && !isTrue(input(resource, "readOnly"))
      ? ["serves and writes to its own file system"]
      : []),
  ];
}

const containedContainers: ResourcePolicy = {
  name: "contained-containers",
  level: "mandatory",
  promise: "What serves writes to no file system of its own, and no container is more than a container.",
  reason: "Whoever gets into it keeps what was brought along there, or leaves it for the machine.",
  remedy:
    "Set readonlyRootFilesystem, with a volume for what is written, and leave privileged and host away.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-5",
  // ECS's agent for sessions writes.
  givenUpBy: { executeCommand: "true" },
  judge: (resource) => [
    ...moreThanContainer(resource).map(violation),
    ...(mayShareHost.includes(resource.type)
      ? sharesHost(resource).map((property) => violation(`shares its host: ${property} is host`))
      : []),
    ...onContainers(resource, ({ isPrivileged, ports, isReadOnly }) => [
      ...(isPrivileged ? ["is privileged"] : []),
      ...(ports.length > 0 && !isReadOnly ? ["serves and writes to its own file system"] : []),
    ]),
  ],
};

const authentication: Readonly<Record<string, (resource: Resource) => Verdict[]>> = {
  "aws:elasticache/replicationGroup:ReplicationGroup": (one) =>
    input(one, "userGroupIds") === undefined || texts(input(one, "userGroupIds")).join("") === ""
      ? required(one, "authToken", (token) => token !== undefined && token !== "", "asks nobody for a token")
      : [],
  "aws:opensearch/domain:Domain": (one) => [
    ...required(
      one,
      "advancedSecurityOptions.enabled",
      isTrue,
      "asks nobody for a password: advancedSecurityOptions is not enabled",
    ),
    // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html#fgac-enabling-existing
    ...required(
      one,
      "advancedSecurityOptions.anonymousAuthEnabled",
      (value) => !isTrue(value),
      "lets in whoever has no password: advancedSecurityOptions.anonymousAuthEnabled is true",
    ),
  ],
};

const authenticatedData: ResourcePolicy = {
  name: "authenticated-data",
  level: "mandatory",
  promise:
    "Valkey, the search domain and the dashboard ask who comes: a way through the network alone opens nothing.",
  reason:
    "A rule of a security group that is too wide, or one container that is taken over, reads everything.",
  remedy:
    "Set authToken or userGroupIds, advancedSecurityOptions with a user, and leave the dashboard to nango:dashboardAuth.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html#elasticache-6",
  judge: (resource) => [
    ...(authentication[resource.type]?.(resource) ?? []),
    ...onServers(resource, ({ variables }) => {
      const why = whyDashboardIsOpen(variables);
      return why === undefined ? [] : [`opens its dashboard to everyone: ${why}`];
    }),
  ],
};

const strictRequests: ResourcePolicy = {
  name: "strict-requests",
  level: "mandatory",
  promise: "A load balancer refuses requests that two servers would read in two ways.",
  reason: "With such a request one caller puts words into the request of the next one.",
  remedy: "Leave desyncMitigationMode as defensive, or make it strictest.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-12",
  judge: (resource) =>
    balancers.includes(resource.type)
      ? required(
          resource,
          "desyncMitigationMode",
          (mode) => mode !== "monitor",
          "lets requests through that can be read in two ways: desyncMitigationMode is monitor",
        )
      : [],
};

const patching: readonly string[] = [
  "aws:rds/instance:Instance",
  "aws:rds/clusterInstance:ClusterInstance",
  "aws:elasticache/replicationGroup:ReplicationGroup",
];

const patched: ResourcePolicy = {
  name: "patched",
  level: "advisory",
  promise: "Databases and Valkey take minor versions by themselves.",
  reason: "Minor versions close holes, and nobody remembers to install them.",
  remedy: "Leave autoMinorVersionUpgrade switched on.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-13",
  judge: (resource) =>
    patching.includes(resource.type)
      ? required(
          resource,
          "autoMinorVersionUpgrade",
          (value) => !isFalse(value),
          "stays at its minor version: autoMinorVersionUpgrade is false",
        )
      : [],
};

export const hardening: readonly Policy[] = [containedContainers, authenticatedData, strictRequests, patched];
