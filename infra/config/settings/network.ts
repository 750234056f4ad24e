import { resourceIdProblem, vpcCidrProblem } from "../rules/format.ts";
import { absent, all, dataIsPlaced, present } from "./condition.ts";
import { list } from "./collections.ts";
import { optionalChoice, optionalText, presetInteger, text } from "./setting.ts";

const ids = (kind: "subnet") => ({ legal: "IDs of subnets", check: resourceIdProblem(kind) });

/** The settings of what lies around Nango. */
export const network = {
  vpcCidr: text({
    target: "aws",
    needs: absent("vpcId", "nango:vpcId brings a VPC"),
    change: ["replaces everything", "refused"],
    default: "10.0.0.0/16",
    legal: "an IPv4 range from /16 to /23",
    description:
      "The addresses of the VPC that the stack creates. It cannot be changed afterwards: everything lies in it.",
    example: "10.42.0.0/16",
    check: vpcCidrProblem,
  }),
  availabilityZones: presetInteger({
    target: "aws",
    needs: absent("vpcId", "the subnets of nango:vpcId decide"),
    change: ["restarts Nango"],
    changeNote:
      "AWS refuses to give up a zone in which a database, a cache or a standby lies; where they lie, only AWS knows.",
    least: 1,
    most: 3,
    description:
      "Over how many availability zones load balancer and tasks spread; which ones, the first deployment chooses. A load balancer needs two. Subnets of databases are in three wherever the region has them.",
    example: "3",
  }),
  nat: optionalChoice({
    target: "aws",
    needs: absent("vpcId", "how the subnets of nango:vpcId reach the internet is that VPC's affair"),
    change: ["adds resources", "restarts Nango"],
    missing: "preset",
    values: ["none", "single", "perAz"],
    description:
      "How tasks reach the internet: through one NAT gateway, one in each zone, or none, with public addresses behind closed security groups.",
    example: "single",
  }),
  vpcId: optionalText({
    target: "aws",
    change: ["replaces everything", "refused"],
    legal: "none, or the ID of a VPC",
    description:
      "A VPC of your own to deploy into; it is neither changed nor tagged. Needs the subnet IDs below.",
    example: "vpc-0123456789abcdef0",
    check: resourceIdProblem("vpc"),
  }),
  publicSubnetIds: list({
    target: "aws",
    needs: present("vpcId"),
    change: ["in place"],
    default: [],
    ...ids("subnet"),
    description:
      "With vpcId: the subnets of the load balancer, in two zones or more (private ones when internal).",
    example: '["subnet-0123456789abcdef0","subnet-0123456789abcdef1"]',
  }),
  privateSubnetIds: list({
    target: "aws",
    needs: present("vpcId"),
    change: ["restarts Nango"],
    default: [],
    ...ids("subnet"),
    description:
      "With vpcId: the subnets of the tasks, which must lead to the internet through NAT. Without them tasks get public addresses in publicSubnetIds.",
    example: '["subnet-0123456789abcdef2","subnet-0123456789abcdef3"]',
  }),
  databaseSubnetIds: list({
    target: "aws",
    needs: all(present("vpcId"), dataIsPlaced),
    change: ["in place"],
    default: [],
    ...ids("subnet"),
    description:
      "With vpcId: the subnets of databases, in two zones or more. Without them privateSubnetIds serve.",
    example: '["subnet-0123456789abcdef4","subnet-0123456789abcdef5"]',
  }),
};
