import type * as docker from "@pulumi/docker";

import { invocation, resource } from "./entry.ts";

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
    outputs: ({ uuid }) => ({ id: uuid() }),
  }),
  "docker:index/network:Network": resource<docker.Network, docker.NetworkArgs>({
    autoName: { property: "name" },
    outputs: ({ hex, inputs }) => ({ id: hex(64), driver: inputs.driver ?? "bridge", scope: "local" }),
    replacedBy: ["name", "driver", "internal", "attachable", "options", "labels"],
  }),
  "docker:index/volume:Volume": resource<docker.Volume, docker.VolumeArgs>({
    autoName: { property: "name" },
    outputs: ({ inputs }) => ({
      driver: inputs.driver ?? "local",
      mountpoint: `/var/lib/docker/volumes/${inputs.name}/_data`,
    }),
    replacedBy: ["name", "driver", "driverOpts", "labels"],
  }),
  "docker:index/container:Container": resource<docker.Container, docker.ContainerArgs>({
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
    outputs: ({ inputs, hex }) => ({
      id: `sha256:${hex(64)}${inputs.name}`,
      imageId: `sha256:${hex(64)}`,
      repoDigest: withDigest(inputs.name, hex),
    }),
    replacedBy: ["name", "platform", "pullTriggers", "triggers", "build"],
  }),
  "docker:index/image:Image": resource<docker.Image, docker.ImageArgs>({
    // https://github.com/pulumi/pulumi-docker/blob/237b7899bb513613a7645e74d6981c12d054dcc7/provider/image.go
    outputs: ({ inputs, hex }) => ({
      id: inputs.imageName,
      baseImageName: inputs.imageName,
      repoDigest: withDigest(inputs.imageName, hex),
      context: ".",
      dockerfile: "Dockerfile",
    }),
  }),
};

export const dockerFunctions = {
  "docker:index/getRegistryImage:getRegistryImage": invocation<
    docker.GetRegistryImageArgs,
    docker.GetRegistryImageResult
  >({
    answer: ({ inputs, hex }) => ({
      id: `sha256:${hex(64)}`,
      name: inputs.name,
      sha256Digest: `sha256:${hex(64)}`,
    }),
  }),
};
