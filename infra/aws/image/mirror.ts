import path from "node:path";
import { fileURLToPath } from "node:url";
import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Image } from "../../nango/image.ts";
import type { TaskImage } from "./task-image.ts";
import { engineProblem } from "./docker-engine.ts";
import { imageRepository, type PolicyStatement, pullPermissions } from "./repository.ts";

/** Its ignore file leaves nothing but the Dockerfile to the hash by which the provider tells that it has to push again. */
const context = path.relative(process.cwd(), fileURLToPath(new URL("mirror", import.meta.url)));

/**
 * A private copy of the image, pushed by the Docker engine where `pulumi up` runs.
 *
 * `docker.Image` with a Dockerfile of nothing but FROM, rather than RemoteImage, Tag and RegistryImage: its refresh asks
 * no registry, while RegistryImage takes a registry token that has expired (after 12 hours) for an image that is gone
 * (https://github.com/kreuzwerker/terraform-provider-docker/blob/83c00e0bf3cec8f00bab77a9315ab69a58dcda32/internal/provider/resource_docker_registry_image_funcs.go#L107-L112),
 * and a new token is no change to it.
 */
export class ImageMirror extends pulumi.ComponentResource implements TaskImage {
  readonly reference: pulumi.Output<string>;
  readonly pullPermissions: readonly PolicyStatement[];

  constructor(name: string, args: { readonly image: Image }, opts: pulumi.ComponentResourceOptions) {
    super("nango:aws:ImageMirror", name, {}, opts);
    const parent = { parent: this };
    const repository = imageRepository(name, {}, parent);
    const tag = this.tag(name, args.image);
    const token = aws.ecr.getAuthorizationTokenOutput({}, parent);
    const copy = new docker.Image(
      name,
      {
        imageName: pulumi.interpolate`${repository.repositoryUrl}:${tag}`,
        build: {
          context,
          dockerfile: path.join(context, "Dockerfile"),
          args: { IMAGE: args.image.reference },
          platform: "linux/amd64",
        },
        registry: {
          server: repository.repositoryUrl,
          username: token.userName,
          password: pulumi.secret(token.password),
        },
      },
      parent,
    );
    this.reference = copy.repoDigest;
    this.pullPermissions = pullPermissions(repository.arn);
    this.registerOutputs({ reference: this.reference });
  }

  /**
   * Another tag for each push, so that one can go back to an image that was there before: ECR refuses an immutable tag
   * even for the very same image. https://github.com/aws/containers-roadmap/issues/2179
   */
  private tag(name: string, image: Image): pulumi.Output<string> {
    const keepers = { image: image.reference };
    const push = new random.RandomId(`${name}-push`, { byteLength: 4, keepers }, { parent: this });
    const version = image.tag ?? image.digest?.replace(":", "-");
    // Said before the engine is needed, since the provider's own failure names neither the reason nor a remedy.
    const told = engineProblem().then((problem) => {
      if (problem !== undefined) void pulumi.log.warn(`nango:imageSource = "ecr-mirror": ${problem}`, this);
    });
    return pulumi.all([push.hex, told]).apply(([hex]) => `${version}-${hex}`);
  }
}
