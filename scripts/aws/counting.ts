// How much of a thing there is in a region.

import type { AwsClients } from "./clients.ts";

/** Counts what lies on pages. */
export async function countOn<Page extends { NextToken?: string | undefined }>(
  read: (token: { NextToken?: string }) => Promise<Page>,
  count: (page: Page) => number,
): Promise<number> {
  let total = 0;
  let token: string | undefined;
  do {
    const page = await read(token === undefined ? {} : { NextToken: token });
    total += count(page);
    token = page.NextToken;
  } while (token !== undefined && token !== "");
  return total;
}

/** How many NAT gateways there are in the zone that has most. */
export async function gatewaysInFullestZone({ ec2 }: Pick<AwsClients, "ec2">): Promise<number> {
  const { NatGateways = [] } = await ec2.describeNatGateways({
    Filter: [{ Name: "state", Values: ["pending", "available"] }],
  });
  const SubnetIds = [...new Set(NatGateways.flatMap(({ SubnetId }) => SubnetId ?? []))];
  if (SubnetIds.length === 0) return 0;
  const { Subnets = [] } = await ec2.describeSubnets({ SubnetIds });
  const zones = NatGateways.map(
    ({ SubnetId }) => Subnets.find((subnet) => subnet.SubnetId === SubnetId)?.AvailabilityZone,
  );
  return Math.max(...zones.map((zone) => zones.filter((other) => other === zone).length));
}

/** How many application load balancers there are. */
export async function balancers({
  elasticLoadBalancing,
}: Pick<AwsClients, "elasticLoadBalancing">): Promise<number> {
  let total = 0;
  let marker: string | undefined;
  do {
    const page = await elasticLoadBalancing.describeLoadBalancers(
      marker === undefined ? {} : { Marker: marker },
    );
    total += page.LoadBalancers?.filter(({ Type }) => Type === "application").length ?? 0;
    marker = page.NextMarker;
  } while (marker !== undefined && marker !== "");
  return total;
}
