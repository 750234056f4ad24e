import {
  certificateArnProblem,
  cidrProblem,
  domainProblem,
  hostedZoneProblem,
  resourceIdProblem,
  vpcCidrProblem,
} from "./rules/format.ts";
import { absent, all, dataIsPlaced, present } from "./condition.ts";
import { flag, list, optionalChoice, optionalText, presetFlag, presetInteger, text } from "./setting.ts";

const access = {
  domain: optionalText({
    target: "aws",
    change: ["restarts Nango"],
    changeNote: "OAuth applications and webhooks keep the old address until you change them.",
    legal: "none, or a host name",
    description:
      "The host name of the API and the dashboard. Needs hostedZone, or certificateArn when DNS is elsewhere.",
    example: "nango.example.com",
    check: domainProblem,
  }),
  hostedZone: optionalText({
    target: "aws",
    needs: present("domain"),
    change: ["in place"],
    legal: "none, or the ID or name of a public Route 53 hosted zone",
    description:
      "The Route 53 hosted zone that holds domain and connectDomain: the certificate is validated and the records are made in it.",
    example: "example.com",
    // An ID lies under no name.
    placeholder: "Z0123456789ABCDEFGHIJ",
    check: hostedZoneProblem,
  }),
  certificateArn: optionalText({
    target: "aws",
    needs: present("domain"),
    change: ["in place"],
    legal: "none, or the ARN of an ACM certificate in the stack's region",
    description:
      "A certificate of your own for domain and connectDomain; a wildcard covers one level of names only. Without it one is issued through hostedZone.",
    example: "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
    check: certificateArnProblem,
  }),
  connectDomain: optionalText({
    target: "aws",
    needs: present("domain"),
    change: ["restarts Nango"],
    missing: "preset",
    legal: "preset (connect.<domain>), or a host name",
    description: "The host name of Connect UI, the page in which your users connect their accounts.",
    example: "connect.example.com",
    check: domainProblem,
  }),
  insecureHttp: flag({
    target: "aws",
    needs: absent("domain", "nango:domain gives HTTPS"),
    change: ["restarts Nango"],
    default: false,
    description:
      "Whether to serve plain HTTP on the load balancer's own name when there is no domain. API keys, OAuth codes and passwords then cross the internet readable: for a first look at dashboard and API only. Connect UI is left out, since it works in no browser without HTTPS.",
    example: "true",
  }),
  internal: flag({
    target: "aws",
    change: ["replaces the load balancer", "restarts Nango"],
    default: false,
    description:
      "Whether the load balancer has private addresses only. Providers' webhooks then cannot reach Nango; OAuth works for people inside the network, whose browsers make the callback.",
    example: "true",
  }),
  allowPrivateAddresses: presetFlag({
    change: ["restarts Nango"],
    description:
      "Whether Nango may send proxied requests and webhooks to private addresses, which it refuses by default. Preset: as internal.",
    example: "true",
  }),
  allowedCidrs: list({
    target: "aws",
    change: ["in place"],
    default: ["0.0.0.0/0"],
    legal: "IPv4 ranges, at least one",
    description: "The addresses that may reach the load balancer.",
    example: '["203.0.113.0/24"]',
    check: cidrProblem,
  }),
};

const ids = (kind: "subnet") => ({ legal: "IDs of subnets", check: resourceIdProblem(kind) });

const network = {
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

/** The settings of how Nango is reached and of what lies around it. */
export const networkSettings = { Access: access, Network: network };
