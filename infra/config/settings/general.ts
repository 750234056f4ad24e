import { defaultImage, parseImage } from "../../nango/image.ts";
import { lineProblem, pathProblem } from "../rules/format.ts";
import { all, imageHasNoDigest, only } from "./condition.ts";
import { map } from "./collections.ts";
import { choice, flag, optionalText, parsed, text } from "./setting.ts";

/** The settings of where and from what Nango runs. */
export const general = {
  target: choice({
    change: ["replaces everything", "refused"],
    values: ["aws", "docker"],
    default: "aws",
    description:
      "Where Nango runs: in an AWS account, or in containers on a Docker engine, such as your laptop's. Keys that say something about AWS alone are refused with docker.",
    example: "docker",
  }),
  size: choice({
    target: "aws",
    change: ["adds resources", "restarts the database", "restarts Nango"],
    changeNote: "A database keeps the storage that it has.",
    values: ["small", "medium", "large"],
    default: "small",
    description:
      "How much of everything: small is the cheapest that is safe, medium survives the loss of an availability zone, large carries heavy use. Every value that it decides has a key of its own.",
    example: "medium",
  }),
  image: parsed({
    change: ["restarts Nango"],
    changeNote: "A newer image migrates the database first.",
    default: defaultImage,
    legal:
      "repository:hosted-<40 hexadecimal digits of a commit>, or repository@sha256:<64 hexadecimal digits>",
    description: "The image of Nango's free edition, named so that it cannot change.",
    example: defaultImage,
    read: parseImage,
  }),
  pinDigest: flag({
    target: "aws",
    needs: all(only("imageSource", "docker-hub"), imageHasNoDigest),
    change: ["restarts Nango"],
    default: false,
    description:
      "Whether to ask the registry, at each deployment, for the digest of the image's tag and to run that digest. From ECR it is always a digest that runs.",
    example: "true",
  }),
  imageSource: choice({
    target: "aws",
    change: ["restarts Nango"],
    values: ["docker-hub", "ecr-mirror", "ecr-pull-through"],
    default: "docker-hub",
    description:
      "Where tasks pull the image from: from where image says (docker-hub), from a private copy that Docker pushes into ECR during a deployment (ecr-mirror), or from a repository that ECR fills from Docker Hub (ecr-pull-through).",
    example: "ecr-mirror",
  }),
  dockerHubUser: optionalText({
    target: "aws",
    needs: only("imageSource", "ecr-pull-through"),
    change: ["in place"],
    legal: "none, or a user of Docker Hub",
    description: "With ecr-pull-through: the user as which ECR pulls from Docker Hub.",
    example: "acme",
    check: lineProblem,
  }),
  dockerHubToken: optionalText({
    target: "aws",
    needs: only("imageSource", "ecr-pull-through"),
    change: ["in place"],
    secret: true,
    legal: "none, or an access token of Docker Hub",
    description: "With ecr-pull-through: an access token of that user that may read public images.",
    example: "dckr_pat_0123456789",
    check: lineProblem,
  }),
  environment: map({
    change: ["restarts Nango"],
    legal: "a map from names of environment variables to texts",
    description:
      "Further environment variables of the server. Stored with --secret (even one of them), all of them are injected from Secrets Manager; otherwise those that hold a secret by their name (..._KEY, ..._TOKEN, ..._PASSWORD and the like) or are a URL with a password.",
    example: '{"LOG_LEVEL":"debug"}',
  }),
  websocketsPath: text({
    change: ["restarts Nango"],
    default: "/",
    legal: "a path that starts with /, without // and segments of dots",
    description:
      "The path at which browsers open websockets to the server. Connect UI and the dashboard learn it from the server; a frontend that calls auth() of Nango's SDK by itself must pass it as websocketsPath.",
    example: "/ws",
    check: pathProblem,
  }),
};
