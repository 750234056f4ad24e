import { dockerHubPath, parseImage } from "../nango/image.ts";
import { type Check, when } from "./problem.ts";

const credentials: Check = (values) =>
  (["dockerHubUser", "dockerHubToken"] as const).flatMap((key) => {
    const secret = key === "dockerHubToken" ? "--secret " : "";
    const pullThrough = values.imageSource === "ecr-pull-through";
    return [
      ...when(
        pullThrough && values[key] === undefined,
        ["imageSource", key],
        `nango:imageSource = "ecr-pull-through" needs nango:${key}: ECR pulls from Docker Hub as a user only.\nCreate an access token at https://app.docker.com/settings/personal-access-tokens and: pulumi config set ${secret}nango:${key} ...`,
      ),
    ];
  });

const upstream: Check = (values) => {
  if (values.imageSource !== "ecr-pull-through") return [];
  const image = parseImage(values.image);
  return [
    ...when(
      dockerHubPath(image) === undefined,
      ["image", "imageSource"],
      `nango:imageSource = "ecr-pull-through" caches Docker Hub, but nango:image = "${values.image}" is in another registry.\nName an image of Docker Hub, or copy this one: pulumi config set nango:imageSource ecr-mirror`,
    ),
    // https://github.com/aws/containers-roadmap/issues/2837
    ...when(
      image.tag === undefined,
      ["image", "imageSource"],
      `nango:imageSource = "ecr-pull-through" needs a tag, since ECR fetches no image by its digest alone, but nango:image = "${values.image}" has none.\nGive both: pulumi config set nango:image ${image.repository}:hosted-<commit>@${image.digest}`,
    ),
  ];
};

/** What is wrong between settings of where the image comes from. */
export const imageSourceChecks: readonly Check[] = [credentials, upstream];
