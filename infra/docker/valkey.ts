import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { generatedPassword } from "../generated-password.ts";
import { redisUrl } from "../nango/connection-url.ts";
import { type ContainerArgs, runningContainer } from "./container.ts";
import { pulledImage } from "./image.ts";

export interface ValkeyArgs extends Pick<ContainerArgs, "prefix" | "network"> {
  /** The image, by a name that cannot change. */
  readonly image: string;
  /** Another number than before makes another token. */
  readonly tokenGeneration: number;
}

const host = "valkey";
/** MiB */
const memory = 256;

/** The settings come through standard input: as arguments, every user of the machine could read the token. */
const startScript = `exec valkey-server - <<END
requirepass $TOKEN
save ""
maxmemory ${memory - 64}mb
maxmemory-policy volatile-lru
END
`;

/** A Valkey for locks, rate limits and OAuth results. It holds nothing that cannot be lost. */
export class Valkey extends pulumi.ComponentResource {
  /** `redis://` with the token. Secret. */
  readonly url: pulumi.Output<string>;
  readonly container: docker.Container;

  constructor(name: string, args: ValkeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:docker:Valkey", name, {}, opts);
    const parent = { parent: this };
    const { tokenGeneration, ...shared } = args;
    const token = generatedPassword(
      `${name}-token`,
      { length: 64, special: false, generation: tokenGeneration },
      parent,
    ).result;
    this.container = runningContainer(
      name,
      {
        ...shared,
        service: host,
        image: pulledImage(`${name}-image`, { reference: args.image }, parent),
        entrypoint: ["sh", "-ec"],
        command: [startScript],
        environment: { TOKEN: token },
        user: "valkey",
        memory,
        stopSeconds: 10,
        health: {
          command: ["sh", "-c", 'REDISCLI_AUTH="$TOKEN" valkey-cli ping | grep -q PONG'],
          startSeconds: 30,
        },
      },
      parent,
    );
    this.url = pulumi.secret(token.apply((secret) => redisUrl({ host, token: secret, tls: false })));
    this.registerOutputs({});
  }
}
