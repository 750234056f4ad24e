import type * as docker from "@pulumi/docker";

import { invocation, resource } from "./entry.ts";

const label = ["label", "value"] as const;

/** `name@sha256:...` of an image reference, whatever its tag. */
function withDigest(image: string, hex: (length: number) => string): string {
  return `${image.replace(/@.*$/, "").replace(/:[^/]*$/, "")}@sha256:${hex(64)}`;
}

/**
 * `@pulumi/docker`. IDs, which no state encrypts, are those of the provider: what the engine calls a thing, of a volume its
 * name. https://github.com/kreuzwerker/terraform-provider-docker/tree/v4.5.0/internal/provider
 */
export const dockerResources = {
  "pulumi:providers:docker": resource<docker.Provider, docker.ProviderArgs>({
    inputs: ["host", "context", "registryAuth", "sshOpts"],
    outputs: ({ uuid }) => ({ id: uuid() }),
  }),
  "docker:index/network:Network": resource<docker.Network, docker.NetworkArgs>({
    inputs: ["name", "driver", "internal", "attachable", "options", { labels: label }],
    autoName: { property: "name" },
    outputs: ({ hex, inputs }) => ({ id: hex(64), driver: inputs.driver ?? "bridge", scope: "local" }),
    replacedBy: ["name", "driver", "internal", "attachable", "options", "labels"],
  }),
  "docker:index/volume:Volume": resource<docker.Volume, docker.VolumeArgs>({
    inputs: ["name", "driver", "driverOpts", { labels: label }],
    autoName: { property: "name" },
    outputs: ({ inputs }) => ({
      driver: inputs.driver ?? "local",
      mountpoint: `/var/lib/docker/volumes/${inputs.name}/_data`,
    }),
    replacedBy: ["name", "driver", "driverOpts", "labels"],
  }),
  "docker:index/container:Container": resource<docker.Container, docker.ContainerArgs>({
    inputs: [
      "name",
      "image",
      "command",
      "entrypoints",
      "envs",
      "hostname",
      "user",
      "workingDir",
      "init",
      "restart",
      "mustRun",
      "start",
      "attach",
      "logs",
      "rm",
      "readOnly",
      "tmpfs",
      "memory",
      "memorySwap",
      "shmSize",
      "cpus",
      "platform",
      "securityOpts",
      { capabilities: ["adds", "drops"] },
      { healthcheck: ["tests", "interval", "timeout", "retries", "startPeriod"] },
      { hosts: ["host", "ip"] },
      { labels: label },
      "logDriver",
      "logOpts",
      { mounts: ["source", "target", "type", "readOnly"] },
      "networkMode",
      { networksAdvanced: ["name", "aliases"] },
      { ports: ["internal", "external", "ip", "protocol"] },
      { uploads: ["file", "content", "contentBase64", "executable", "permissions", "source", "sourceHash"] },
      { volumes: ["volumeName", "containerPath", "hostPath", "readOnly"] },
      "stopTimeout",
      "stopSignal",
      "destroyGraceSeconds",
      "wait",
      "waitTimeout",
      { ulimits: ["name", "soft", "hard"] },
    ],
    autoName: { property: "name" },
    outputs: ({ inputs, hex }) => ({
      id: hex(64),
      hostname: inputs.hostname ?? hex(12),
      bridge: "",
      exitCode: 0,
      containerLogs: "",
      networkDatas: [],
    }),
    replacedBy: [
      "name",
      "image",
      "command",
      "entrypoints",
      "envs",
      "hostname",
      "user",
      "workingDir",
      "init",
      "readOnly",
      "tmpfs",
      "platform",
      "securityOpts",
      "capabilities",
      "healthcheck",
      "hosts",
      "labels",
      "logDriver",
      "logOpts",
      "mounts",
      "networkMode",
      "networksAdvanced",
      "ports",
      "uploads",
      "volumes",
      "stopTimeout",
      "stopSignal",
      "ulimits",
    ],
  }),
  "docker:index/remoteImage:RemoteImage": resource<docker.RemoteImage, docker.RemoteImageArgs>({
    inputs: ["name", "platform", "keepLocally", "forceRemove", "pullTriggers", "triggers", "build"],
    outputs: ({ inputs, hex }) => ({
      id: `sha256:${hex(64)}${inputs.name}`,
      imageId: `sha256:${hex(64)}`,
      repoDigest: withDigest(inputs.name, hex),
    }),
    replacedBy: ["name", "platform", "pullTriggers", "triggers", "build"],
  }),
  "docker:index/image:Image": resource<docker.Image, docker.ImageArgs>({
    inputs: [
      "imageName",
      {
        build: [
          "context",
          "dockerfile",
          "target",
          "platform",
          "args",
          "addHosts",
          "builderVersion",
          { cacheFrom: ["images"] },
          "network",
        ],
      },
      { registry: ["server", "username", "password"] },
      "skipPush",
      "buildOnPreview",
    ],
    // https://github.com/pulumi/pulumi-docker/blob/237b7899bb513613a7645e74d6981c12d054dcc7/provider/image.go
    outputs: ({ inputs, hex }) => ({
      id: inputs.imageName,
      baseImageName: inputs.imageName,
      repoDigest: withDigest(inputs.imageName, hex),
      context: ".",
      dockerfile: "Dockerfile",
    }),
  }),
  "docker:index/tag:Tag": resource<docker.Tag, docker.TagArgs>({
    inputs: ["sourceImage", "targetImage", "tagTriggers"],
    outputs: ({ inputs, hex }) => ({
      id: `${inputs.sourceImage}.${inputs.targetImage}`,
      sourceImageId: `sha256:${hex(64)}`,
    }),
    replacedBy: ["sourceImage", "targetImage", "tagTriggers"],
  }),
  "docker:index/registryImage:RegistryImage": resource<docker.RegistryImage, docker.RegistryImageArgs>({
    inputs: [
      "name",
      { authConfig: ["address", "username", "password"] },
      "keepRemotely",
      "insecureSkipVerify",
      "triggers",
    ],
    autoName: { property: "name" },
    outputs: ({ hex }) => ({ id: `sha256:${hex(64)}`, sha256Digest: `sha256:${hex(64)}` }),
    replacedBy: ["name", "triggers"],
  }),
};

export const dockerFunctions = {
  "docker:index/getRegistryImage:getRegistryImage": invocation<
    docker.GetRegistryImageArgs,
    docker.GetRegistryImageResult
  >({
    arguments: ["name", "insecureSkipVerify"],
    answer: ({ inputs, hex }) => ({
      id: `sha256:${hex(64)}`,
      name: inputs.name,
      sha256Digest: `sha256:${hex(64)}`,
    }),
  }),
};
