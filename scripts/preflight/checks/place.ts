import { runsFargate } from "../../../infra/aws/network/fargate-zones.ts";
import { awsCommand } from "../../../infra/config/aws-command.ts";
import { partitionOf } from "../../../infra/config/rules/aws-region.ts";
import { bad, good, type Outcome, skipped } from "../../checks/check.ts";
import type { AwsCheck, Subject } from "../subject.ts";

/** A region of each partition that every account has. */
const homes: Readonly<Record<string, string>> = {
  "aws-cn": "cn-north-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-eusc": "eusc-de-east-1",
  "aws-iso": "us-iso-east-1",
  "aws-iso-b": "us-isob-east-1",
  "aws-iso-e": "eu-isoe-west-1",
  "aws-iso-f": "us-isof-south-1",
};

/** The region of a partition that no account has to enable. */
export function homeOf(region: string): string {
  return homes[partitionOf(region).name] ?? "us-east-1";
}

export function enable(region: string, profile: string | undefined): string {
  const words = ["account", "enable-region", "--region-name", region];
  const command = awsCommand(words, { region: homeOf(region), profile });
  return `enable it under Account in the console (${command}), wait some minutes, or choose another aws:region`;
}

export const region: AwsCheck = {
  id: "region",
  title: "Region",
  permissions: ["ec2:DescribeRegions"],
  async run({ region, profile, awsIn }): Promise<Outcome> {
    // One that is not enabled cannot be asked about itself.
    const { ec2 } = await awsIn(homeOf(region));
    const { Regions = [] } = await ec2.describeRegions({ AllRegions: true });
    const found = Regions.find(({ RegionName }) => RegionName === region);
    if (found === undefined)
      return bad(`AWS has no region ${region}`, "aws:region names one, as in eu-central-1");
    return found.OptInStatus === "not-opted-in"
      ? bad(`this account has not enabled ${region}`, enable(region, profile))
      : good(`${region} is enabled`);
  },
};

/** The zones that a stack can spread over, as infra/aws/network/availability-zones.ts chooses them. */
export async function usableZones({ aws: { ec2 }, region }: Subject): Promise<string[]> {
  const { AvailabilityZones = [] } = await ec2.describeAvailabilityZones({
    Filters: [
      { Name: "state", Values: ["available"] },
      { Name: "opt-in-status", Values: ["opt-in-not-required"] },
    ],
  });
  return AvailabilityZones.filter(({ ZoneId = "" }) => runsFargate(region, ZoneId))
    .flatMap(({ ZoneName }) => ZoneName ?? [])
    .toSorted();
}

const SUBNET = "aws:ec2/subnet:Subnet";
/** In which the load balancer lies, and a database that has a standby. */
const least = 2;

export const zones: AwsCheck = {
  id: "zones",
  title: "Zones",
  permissions: ["ec2:DescribeAvailabilityZones"],
  async run(subject): Promise<Outcome> {
    const { plan } = subject;
    const subnets = plan.ofType(SUBNET);
    if (subnets.length === 0) return skipped("the subnets are yours: see Subnets");
    if (subnets.every((subnet) => plan.before(subnet) !== undefined))
      return good("the stack stays in the zones that it has");
    const usable = await usableZones(subject);
    const spread = subnets.filter(({ name }) => name.includes("-public-")).length;
    const wanted = Math.max(spread, least);
    if (usable.length < wanted)
      return bad(
        `the region has ${usable.length} zones with Fargate (${usable.join(", ")}), and the stack spreads over ${wanted}`,
        usable.length < least
          ? "choose another aws:region"
          : `set nango:availabilityZones to ${usable.length}`,
      );
    const chosen = usable.slice(0, wanted);
    return good(`${chosen.join(", ")}, of ${usable.length} with Fargate`);
  },
};
