import { isRegion, partitionOf } from "./aws-region.ts";

/** A private registry of ECR, by its host name. */
export interface EcrRegistry {
  readonly account: string;
  readonly region: string;
}

/** Any spelling that ECR has, or that somebody would take for one of its. */
const ecrLike = /^([^.]*)\.dkr([.-])ecr(-fips)?\.([^.]+)\.(.+)$/;

/**
 * The registry of ECR that a host names, with the plain or the FIPS endpoint of any partition; undefined for a host of
 * another registry. https://docs.aws.amazon.com/general/latest/gr/ecr.html
 * @throws Error for a host that is like one of ECR's, but none that ECS can pull from; it names the one that is meant.
 */
export function ecrRegistry(host: string): EcrRegistry | undefined {
  const [, account, separator, fips = "", region = "", suffix] = ecrLike.exec(host) ?? [];
  if (account === undefined) return undefined;
  const plain = `${account}.dkr.ecr${fips}.${region}.${partitionOf(region).dnsSuffix}`;
  if (!/^\d{12}$/.test(account) || !isRegion(region))
    throw new Error(
      "is not in a registry of ECR, whose host is <12 digits of an account>.dkr.ecr.<region>.amazonaws.com",
    );
  // Fargate does not log in to these: https://github.com/aws/containers-roadmap/issues/2611
  if (separator === "-")
    throw new Error(`names the dual-stack host of ECR, to which ECS does not log in. Write ${plain}/...`);
  if (suffix !== partitionOf(region).dnsSuffix)
    throw new Error(`names a host that ECR does not have in ${region}. Write ${plain}/...`);
  return { account, region };
}

/** Whether a registry's images are pulled without a login that this project could not give. */
export function isPublicEcr(host: string): boolean {
  return host === "public.ecr.aws" || host === "ecr-public.aws.com";
}

/** An endpoint of RDS or Aurora. */
export interface RdsEndpoint {
  readonly region: string;
  /** What it stands for: one instance, or what its second part says. */
  readonly kind:
    | "instance"
    | "cluster"
    | "cluster-ro"
    | "cluster-custom"
    | "proxy"
    | "limitless"
    | "shardgrp";
}

/**
 * The endpoint of RDS that a host names, or undefined. In China and in the isolated partitions `rds` stands before the
 * region. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Cluster.html
 */
export function rdsEndpoint(host: string): RdsEndpoint | undefined {
  const [, kind = "instance", before, after, suffix] =
    /^[a-z0-9.-]+\.(?:(cluster-ro|cluster-custom|cluster|proxy|limitless|shardgrp)-)?[a-z0-9]+\.(?:rds\.([a-z0-9-]+)|([a-z0-9-]+)\.rds)\.(.+)$/.exec(
      host,
    ) ?? [];
  const region = before ?? after;
  if (region === undefined || !isRegion(region) || suffix !== partitionOf(region).dnsSuffix) return undefined;
  return { region, kind: kind as RdsEndpoint["kind"] };
}
