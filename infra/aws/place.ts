import type { ProgramConfig } from "../config/index.ts";
import { demandsOf, inspectNetwork } from "./network/existing-network.ts";
import { type FirstDeployment, firstDeployment } from "./first-deployment.ts";

/** Where a stack is put, as far as it has to be known before anything is declared. */
export interface Place extends FirstDeployment {
  /** Of an existing VPC's subnets for databases, the first in each zone. */
  readonly zonedSubnetIds: readonly string[];
}

/**
 * Finds out where a stack is put.
 * @throws pulumi.RunError when it cannot be there.
 */
export async function findPlace(config: ProgramConfig): Promise<Place> {
  const first = await firstDeployment(config);
  const { network } = config;
  const zonedSubnetIds = network.kind === "existing" ? await inspectNetwork(network, demandsOf(config)) : [];
  return { ...first, zonedSubnetIds };
}
