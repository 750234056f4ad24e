import { platformsIn, taskPlatform, manifestTypes } from "../../../infra/aws/image/manifest.ts";
import { ecrRegistry } from "../../../infra/config/rules/aws-hosts.ts";
import { type Image, registryHost } from "../../../infra/nango/image.ts";
import { bad, good, type Outcome, warning } from "../../checks/check.ts";
import type { RegistryAnswer } from "../../registry/manifest.ts";
import type { AwsCheck, Planned } from "../subject.ts";
import type { Check } from "../../checks/check.ts";

const id = "image";
const title = "Image";

/** The registry of ECR that the image is in; undefined for another registry. */
function ecrOf(image: Image) {
  return ecrRegistry(registryHost(image) ?? "");
}

const inNangoImage = "nango:image names one that there is; npm run upgrade lists Nango's releases";

/** The image in a registry that everybody may ask. */
export const publicImage: Check<Planned> = {
  id,
  title,
  async run({ image, network }): Promise<Outcome | readonly Outcome[]> {
    if (ecrOf(image) !== undefined) return [];
    return judged(image, await network.registry(image));
  },
};

function judged({ reference }: Image, answer: RegistryAnswer): Outcome {
  switch (answer.kind) {
    case "absent":
      return bad(`its registry has no ${reference}`, inNangoImage);
    case "private":
      return bad(
        `its registry gives ${reference} to nobody without a login, and tasks have none`,
        "take it from ECR: docs/images.md",
      );
    case "throttled":
      return warning(
        `the registry of ${reference} answers so many requests only, and this network has made them`,
        "wait, or take the image from ECR: docs/images.md",
      );
    case "found":
      return judgePlatforms(reference, answer.platforms);
  }
}

function judgePlatforms(reference: string, platforms: readonly string[]): Outcome {
  if (platforms.length === 0) return good(`${reference} is there; for which platform, it does not say`);
  return platforms.includes(taskPlatform)
    ? good(`${reference} is there for ${taskPlatform}`)
    : bad(
        `${reference} is for ${platforms.filter((one) => !one.startsWith("unknown/")).join(", ")}, and tasks run ${taskPlatform}`,
        `build it for ${taskPlatform}, as in docker build --platform ${taskPlatform}`,
      );
}

/** The image in ECR, which is asked as AWS. */
export const ecrImage: AwsCheck = {
  id,
  title,
  permissions: ["ecr:BatchGetImage"],
  async run({ image, awsIn }): Promise<Outcome | readonly Outcome[]> {
    const registry = ecrOf(image);
    if (registry === undefined) return [];
    const { ecr } = await awsIn(registry.region);
    const repositoryName = image.repository.split("/").slice(1).join("/");
    const where = `${repositoryName} of the account ${registry.account} in ${registry.region}`;
    try {
      const { images = [], failures = [] } = await ecr.batchGetImage({
        registryId: registry.account,
        repositoryName,
        imageIds: [image.digest === undefined ? { imageTag: image.tag } : { imageDigest: image.digest }],
        acceptedMediaTypes: [...manifestTypes],
      });
      const manifest = images[0]?.imageManifest;
      if (manifest === undefined)
        return bad(
          `${where} has no ${image.tag ?? image.digest}${failures[0]?.failureReason === undefined ? "" : `: ${failures[0].failureReason}`}`,
          "push it there, or name another one in nango:image",
        );
      return judgePlatforms(image.reference, platformsIn(manifest)?.map(({ platform }) => platform) ?? []);
    } catch (error) {
      if ((error as Error).name !== "RepositoryNotFoundException") throw error;
      return bad(
        `there is no repository ${where}`,
        "make it and push the image, or name another one in nango:image",
      );
    }
  },
};
