import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { generatedPassword } from "../../generated-password.ts";
import { redisUrl } from "../../nango/connection-url.ts";
import { closedSecurityGroup } from "../network/security-group.ts";

export interface CacheArgs {
  /** An ElastiCache node type. */
  readonly nodeType: string;
  /** A primary and its replicas, 1 to 6. Two or more fail over by themselves. */
  readonly nodes: number;
  /** Another number than before makes another token. */
  readonly tokenGeneration: number;
  /** Whether the token of the generation before is accepted, too. */
  readonly acceptOldToken: boolean;
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: pulumi.Input<string[]>;
}

/** The port of Redis and Valkey. */
export const redisPort = 6379;

/**
 * A Valkey that tasks share locks, rate limits and OAuth results through. It holds nothing that cannot be lost.
 */
export class Cache extends pulumi.ComponentResource {
  /** `rediss://` with the token. Secret. */
  readonly url: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** The names of its nodes in ElastiCache. */
  readonly nodes: readonly pulumi.Output<string>[];

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Cache", name, {}, opts);
    const parent = { parent: this };
    const group = closedSecurityGroup(name, { vpcId: args.vpcId, description: `Valkey of ${name}` }, parent);
    const subnets = new aws.elasticache.SubnetGroup(
      name,
      { subnetIds: args.subnetIds, tags: { Name: name } },
      parent,
    );
    // ElastiCache takes letters and digits, 16 to 128 of them, and few other characters.
    // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
    const token = generatedPassword(
      `${name}-token`,
      { length: 64, special: false, generation: args.tokenGeneration },
      parent,
    );
    const redundant = args.nodes > 1;
    const replicationGroup = new aws.elasticache.ReplicationGroup(
      name,
      {
        description: `Valkey of ${name}`,
        engine: "valkey",
        engineVersion: "8.0",
        parameterGroupName: "default.valkey8",
        nodeType: args.nodeType,
        // Cluster mode off: Nango's client does not follow redirections.
        numCacheClusters: args.nodes,
        automaticFailoverEnabled: redundant,
        multiAzEnabled: redundant,
        port: redisPort,
        subnetGroupName: subnets.name,
        securityGroupIds: [group.id],
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        authToken: token.result,
        // ROTATE takes a new token beside the last one, SET leaves this one alone. Before the first rotation there is nothing
        // to leave out, and the word stays the one that it was.
        // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html#auth-modifyng-token
        authTokenUpdateStrategy: args.acceptOldToken || args.tokenGeneration === 0 ? "ROTATE" : "SET",
        autoMinorVersionUpgrade: true,
        applyImmediately: true,
        tags: { Name: name },
      },
      // AWS raises the minor version by itself; going back to this one would replace the cache.
      {
        ...parent,
        ignoreChanges: ["engineVersion"],
        customTimeouts: { create: "60m", update: "60m", delete: "60m" },
      },
    );
    this.securityGroupId = group.id;
    // A node that is only being added is called as ElastiCache calls the first of that number.
    this.nodes = Array.from({ length: args.nodes }, (_, index) =>
      pulumi
        .all([replicationGroup.memberClusters, replicationGroup.replicationGroupId])
        .apply(([names, id]) => names.toSorted()[index] ?? `${id}-${String(index + 1).padStart(3, "0")}`),
    );
    this.url = pulumi.secret(
      pulumi
        .all([replicationGroup.primaryEndpointAddress, token.result])
        .apply(([host, secret]) => redisUrl({ host, port: redisPort, token: secret, tls: true })),
    );
    this.registerOutputs({ endpoint: replicationGroup.primaryEndpointAddress });
  }
}
