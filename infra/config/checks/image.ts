import { dockerHubPath, registryHost } from "../../nango/image.ts";
import type { Choices } from "../choices.ts";
import { type Check, when } from "../problem.ts";
import { ecrRegistry, isPublicEcr } from "../rules/aws-hosts.ts";
import { partitionOf } from "../rules/aws-region.ts";
import { thrown } from "../thrown.ts";
import { entry, toSet } from "../remedy.ts";

const credentials: Check = (choices, { stack }) =>
  (["dockerHubUser", "dockerHubToken"] as const).flatMap((key) => {
    const pullThrough = choices.imageSource === "ecr-pull-through";
    return [
      ...when(
        pullThrough && choices[key] === undefined,
        ["imageSource", key],
        `nango:imageSource = "ecr-pull-through" needs nango:${key}: ECR pulls from Docker Hub as a user only.\n${toSet("Create an access token at https://app.docker.com/settings/personal-access-tokens, and give it", stack, entry(key, "..."))}`,
      ),
    ];
  });

const upstream: Check = (choices, { stack }) => {
  if (choices.imageSource !== "ecr-pull-through") return [];
  const { image } = choices;
  return [
    ...when(
      dockerHubPath(image) === undefined,
      ["image", "imageSource"],
      `nango:imageSource = "ecr-pull-through" caches Docker Hub, but nango:image = "${image.reference}" is in another registry.\n${toSet("Name an image of Docker Hub, or copy this one", stack, entry("imageSource", "ecr-mirror"))}`,
    ),
    // https://github.com/aws/containers-roadmap/issues/2837
    ...when(
      image.tag === undefined,
      ["image", "imageSource"],
      `nango:imageSource = "ecr-pull-through" needs a tag, since ECR fetches no image by its digest alone, but nango:image = "${image.reference}" has none.\n${toSet("Give both", stack, entry("image", `${image.repository}:hosted-<commit>@${image.digest}`))}`,
    ),
  ];
};

/** Registries of ECR that ECS cannot pull from. Where Docker copies the image, Docker pulls it. */
const registry: Check = (choices, { region = "", stack }) => {
  const host = registryHost(choices.image);
  if (choices.imageSource !== "docker-hub" || host === undefined) return [];
  const problem = thrown(() => ecrRegistry(host));
  if (problem !== undefined)
    return [
      { keys: ["image", "imageSource"], message: `nango:image = "${choices.image.reference}" ${problem}.` },
    ];
  const theirs = partitionOf(ecrRegistry(host)?.region ?? region).name;
  const ours = partitionOf(region).name;
  return when(
    theirs !== ours,
    ["image", "imageSource"],
    `nango:image = "${choices.image.reference}" is in the partition ${theirs} of AWS, to which no role of the partition ${ours} (aws:region = "${region}") has access.\n${toSet("Copy it", stack, entry("imageSource", "ecr-mirror"))}`,
  );
};

/** What is wrong between settings of where the image comes from. */
export const imageSourceChecks: readonly Check[] = [credentials, upstream, registry];

/** Registries that the project has no login for. */
export function registryWarnings(choices: Choices): string[] {
  const host = registryHost(choices.image);
  if (choices.target !== "aws" || choices.imageSource !== "docker-hub" || host === undefined) return [];
  if (isPublicEcr(host) || ecrRegistry(host) !== undefined) return [];
  return [
    `nango:image is in the registry ${host}, from which ECS pulls without a login: a private image is not found there. For one, let Docker, where it is logged in, copy the image: nango:imageSource ecr-mirror.`,
  ];
}
