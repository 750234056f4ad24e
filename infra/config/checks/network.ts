import { type Check, type Problem, when } from "../problem.ts";
import { carveSubnets, overlap, parseCidr } from "../rules/cidr.ts";
import { entry, toRemove, toSet } from "../remedy.ts";

export const network: Check = (choices, { stack }) => {
  const zones = choices.availabilityZones;
  if (choices.vpcId !== undefined) return [];
  return when(
    zones < 2,
    ["availabilityZones", "vpcId"],
    `nango:availabilityZones = ${zones}, but a load balancer and a database's subnet group need two zones${choices.databaseMultiAz ? ", and so does nango:databaseMultiAz" : ""}.\n${toSet("Set 2 or 3", stack, entry("availabilityZones", "2"))}`,
  );
};

export const existingNetwork: Check = (choices, { stack }) => {
  const lists = ["publicSubnetIds", "privateSubnetIds", "databaseSubnetIds"] as const;
  if (choices.vpcId === undefined) return [];
  return [
    ...lists.flatMap((key) =>
      when(
        new Set(choices[key]).size !== choices[key].length,
        [key],
        `nango:${key} names a subnet twice.\nName each once.`,
      ),
    ),
    // With `internal` the load balancer lies in private subnets, too.
    ...when(
      !choices.internal && choices.privateSubnetIds.some((id) => choices.publicSubnetIds.includes(id)),
      ["publicSubnetIds", "privateSubnetIds", "internal"],
      `nango:publicSubnetIds and nango:privateSubnetIds share a subnet, but one that leads to an internet gateway has no way out for tasks without public addresses.\nName subnets behind a NAT gateway in nango:privateSubnetIds, or remove it ${toRemove(stack, "nango:privateSubnetIds")}`,
    ),
    ...when(
      choices.publicSubnetIds.length < 2,
      ["publicSubnetIds", "vpcId"],
      `nango:vpcId needs nango:publicSubnetIds with at least two subnets, in two zones, for the load balancer; there ${choices.publicSubnetIds.length === 1 ? "is 1" : "are 0"}.\n${toSet("For example", stack, entry("publicSubnetIds", "subnet-..."))}`,
    ),
    ...when(
      choices.placesData && choices.databaseSubnetIds.length < 2,
      ["databaseSubnetIds", "privateSubnetIds", "vpcId"],
      `nango:vpcId needs nango:databaseSubnetIds (or nango:privateSubnetIds) with at least two subnets, in two zones, for what keeps data; there ${choices.databaseSubnetIds.length === 1 ? "is 1" : "are 0"}.\n${toSet("For example", stack, entry("databaseSubnetIds", "subnet-..."))}`,
    ),
  ];
};

/** Half of the 60 rules that a security group has room for. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const mostAllowedCidrs = 30;

export const cidrs: Check = (choices, { stack }) => {
  const problems: Problem[] = when(
    choices.allowedCidrs.length === 0,
    ["allowedCidrs"],
    `nango:allowedCidrs is empty, so nobody could reach Nango.\nName a range; for everyone remove the key ${toRemove(stack, "nango:allowedCidrs")}`,
  );
  problems.push(
    ...when(
      choices.allowedCidrs.length > mostAllowedCidrs,
      ["allowedCidrs"],
      `nango:allowedCidrs holds ${choices.allowedCidrs.length} ranges, but a security group has room for ${mostAllowedCidrs}, each for two ports.\n${toSet("Name larger ranges", stack, entry("allowedCidrs", "203.0.113.0/24"))}`,
    ),
  );
  const ranges = choices.allowedCidrs
    .filter((text) => canParse(text))
    .map((text) => [text, parseCidr(text)] as const);
  for (const [index, [text, range]] of ranges.entries()) {
    const other = ranges.slice(0, index).find(([, earlier]) => overlap(earlier, range));
    if (other !== undefined) {
      problems.push({
        keys: ["allowedCidrs"],
        message:
          other[0] === text
            ? `nango:allowedCidrs holds ${text} twice.\nKeep one of them.`
            : `nango:allowedCidrs holds ${other[0]} and ${text}, which overlap.\nKeep the larger one.`,
      });
    }
  }
  if (choices.vpcId !== undefined) return problems;
  try {
    carveSubnets(choices.vpcCidr, 3);
  } catch (error) {
    problems.push({
      keys: ["vpcCidr", "vpcId"],
      message: `nango:vpcCidr = "${choices.vpcCidr}" ${(error as Error).message}.\nLegal: an IPv4 range from /16 to /23. ${toSet("For example", stack, entry("vpcCidr", "10.42.0.0/16"))}`,
    });
  }
  return problems;
};

function canParse(text: string): boolean {
  try {
    parseCidr(text);
    return true;
  } catch {
    return false;
  }
}
