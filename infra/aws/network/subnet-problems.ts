import { runsFargate } from "./fargate-zones.ts";

/** A subnet as it was found. */
export interface FoundSubnet {
  readonly id: string;
  readonly zone: string;
  /** Such as `usw1-az1`. */
  readonly zoneId: string;
}

/** What the subnets of an existing network have to bear. */
export interface Demands {
  readonly region: string;
  /** Whether anything is made that lies in the subnets for databases. */
  readonly data: boolean;
  /** Over how many zones the search domain spreads; undefined without one. */
  readonly searchZones: number | undefined;
}

/** Everything in the subnets that AWS would refuse. */
export function subnetProblems(
  subnets: Readonly<Record<"loadBalancer" | "tasks" | "databases", readonly FoundSubnet[]>>,
  { region, data, searchZones = 0 }: Demands,
): string[] {
  const { loadBalancer, tasks, databases } = subnets;
  const doubles = loadBalancer.filter((subnet) => !onePerZone(loadBalancer).includes(subnet));
  const idle = tasks.filter(({ zoneId }) => !runsFargate(region, zoneId));
  const zones = onePerZone(databases).map(({ zone }) => zone);
  return [
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
    ...doubles.map(
      ({ id, zone }) =>
        `nango:publicSubnetIds has another subnet in the zone of ${id}, ${zone}, and a load balancer takes one in each. Name one, and two in all.`,
    ),
    ...idle.map(
      ({ id, zoneId }) =>
        `the subnet ${id} of the tasks lies in ${zoneId}, which has no Fargate. Leave it out.`,
    ),
    ...(data && zones.length < 2
      ? [
          `the subnets of databases (nango:databaseSubnetIds, or else nango:privateSubnetIds) all lie in ${zones.join()}, and RDS demands two zones. Name one in another zone as well.`,
        ]
      : zones.length < searchZones
        ? [
            `the subnets of databases (nango:databaseSubnetIds, or else nango:privateSubnetIds) lie in ${zones.length} zones (${zones.join(", ")}), but the search domain would spread over ${searchZones}. ` +
              `Name a subnet in another zone as well, or set nango:searchInstanceCount to a multiple of ${zones.length}.`,
          ]
        : []),
  ];
}

/** The first of the subnets in each zone. */
export function onePerZone(subnets: readonly FoundSubnet[]): FoundSubnet[] {
  return subnets.filter(({ zone }, index) => subnets.findIndex((other) => other.zone === zone) === index);
}
