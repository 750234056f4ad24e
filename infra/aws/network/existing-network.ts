import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsCommand } from "../../config/aws-command.ts";
import type { ProgramConfig } from "../../config/index.ts";
import type { NetworkConfig } from "../../config/stack-config.ts";
import { type Demands, type FoundSubnet, onePerZone, subnetProblems } from "./subnet-problems.ts";

export type ExistingNetwork = Extract<NetworkConfig, { kind: "existing" }>;

/**
 * Looks at an existing VPC before anything is made in it.
 * @returns Of the subnets for databases, the first in each zone.
 * @throws pulumi.RunError with everything that AWS would refuse, some of it late.
 */
export async function inspectNetwork(network: ExistingNetwork, demands: Demands): Promise<readonly string[]> {
  const { vpcId } = network;
  const missing: string[] = [];
  const lookUp = async (id: string): Promise<FoundSubnet[]> => {
    try {
      const { availabilityZone, availabilityZoneId } = await aws.ec2.getSubnet({ id, vpcId });
      return [{ id, zone: availabilityZone, zoneId: availabilityZoneId }];
    } catch (error) {
      missing.push(`the subnet ${id} was not found in nango:vpcId = "${vpcId}": ${reason(error)}`);
      return [];
    }
  };
  const all = async (ids: readonly string[]) => (await Promise.all(ids.map(lookUp))).flat();
  const [dns, loadBalancer, tasks, databases] = await Promise.all([
    resolvesNames(vpcId),
    all(network.loadBalancerSubnetIds),
    all(network.taskSubnetIds),
    all(network.databaseSubnetIds),
  ]);
  const problems =
    missing.length > 0 ? [...new Set(missing)] : subnetProblems({ loadBalancer, tasks, databases }, demands);
  if (!dns) {
    const words = ["ec2", "modify-vpc-attribute", "--vpc-id", vpcId, "--enable-dns-support"];
    problems.unshift(
      `nango:vpcId = "${vpcId}" does not resolve names, and tasks find the database and AWS by name. ` +
        `Let it: ${awsCommand(words, { region: demands.region, profile: aws.config.profile })}`,
    );
  }
  if (problems.length > 0) {
    const list = problems.map((problem) => `  - ${problem}`).join("\n");
    throw new pulumi.RunError(`The stack cannot be deployed into the existing VPC:\n\n${list}\n`);
  }
  return onePerZone(databases).map(({ id }) => id);
}

async function resolvesNames(vpcId: string): Promise<boolean> {
  try {
    return (await aws.ec2.getVpc({ id: vpcId })).enableDnsSupport;
  } catch (error) {
    throw new pulumi.RunError(`nango:vpcId = "${vpcId}" was not found: ${reason(error)}`);
  }
}

/** Whether a stack makes something that lies in the subnets for databases, and over how many zones its domain spreads. */
export function demandsOf(config: ProgramConfig): Demands {
  const { database, recordsDatabase, redis, logs, region } = config;
  return {
    region,
    data:
      database.kind === "rds" ||
      recordsDatabase?.kind === "rds" ||
      redis.kind === "elasticache" ||
      logs.store === "domain",
    searchZones: logs.store === "domain" ? logs.domain.zones : undefined,
  };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
