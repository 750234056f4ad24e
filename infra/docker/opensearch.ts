import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { type ContainerArgs, runningContainer } from "./container.ts";
import { pulledImage } from "./image.ts";

export interface OpensearchArgs extends Pick<ContainerArgs, "prefix" | "network" | "memory"> {
  /** The image, by a name that cannot change. */
  readonly image: string;
  /** Whether Pulumi refuses to delete the data. */
  readonly protect: boolean;
}

const host = "opensearch";
const port = 9200;

/** The one user, which the image makes. */
export const opensearchUser = "admin";

/**
 * One node of OpenSearch for the logs that Nango's dashboard shows, with a password and without TLS: the certificates
 * that the image makes name no host, and Nango's client cannot be told to trust a certificate whatever it says.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/logs/lib/storage/client.ts#L14-L24
 * The image also makes users with well-known passwords, so only the containers of the stack's network reach it.
 * https://docs.opensearch.org/2.19/security/configuration/demo-configuration/
 */
export class Opensearch extends pulumi.ComponentResource {
  /** `http://`, host and port. */
  readonly url: string = `http://${host}:${port}`;
  /** The password of `opensearchUser`. Secret. */
  readonly password: pulumi.Output<string>;
  readonly container: docker.Container;

  constructor(name: string, args: OpensearchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:docker:Opensearch", name, {}, opts);
    const parent = { parent: this };
    const kept = { parent: this, protect: args.protect };
    // OpenSearch takes it into its data once, and refuses what looks weak.
    const password = new random.RandomPassword(
      `${name}-password`,
      { length: 32, minLower: 1, minUpper: 1, minNumeric: 1, minSpecial: 1, overrideSpecial: "-_.~" },
      kept,
    );
    const volume = new docker.Volume(`${name}-data`, {}, kept);
    const heap = Math.floor(args.memory / 2);
    this.container = runningContainer(
      name,
      {
        ...args,
        service: host,
        image: pulledImage(`${name}-image`, { reference: args.image }, parent),
        command: ["opensearch"],
        environment: {
          "discovery.type": "single-node",
          "plugins.security.ssl.http.enabled": "false",
          OPENSEARCH_INITIAL_ADMIN_PASSWORD: password.result,
          OPENSEARCH_JAVA_OPTS: `-Xms${heap}m -Xmx${heap}m`,
          DISABLE_PERFORMANCE_ANALYZER_AGENT_CLI: "true",
        },
        user: "opensearch",
        stopSeconds: 60,
        health: {
          command: [
            "sh",
            "-c",
            `curl -sSf -u "${opensearchUser}:$OPENSEARCH_INITIAL_ADMIN_PASSWORD" http://127.0.0.1:${port}/_cluster/health`,
          ],
          startSeconds: 180,
        },
        more: {
          // The image writes its security settings beside those it came with.
          readOnly: false,
          volumes: [{ volumeName: volume.name, containerPath: "/usr/share/opensearch/data" }],
        },
      },
      parent,
    );
    this.password = password.result;
    this.registerOutputs({ volume: volume.name });
  }
}
