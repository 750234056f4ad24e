import { type Item, type Rule, textIn, unpriced } from "./rule.ts";

/** One address in each zone, where the balancer is reached from the internet. https://aws.amazon.com/vpc/pricing/ */
const loadBalancer: Rule = (inputs, scene, resource) => {
  const { hours, lcu } = scene.assumptions;
  const kind = textIn(inputs, "loadBalancerType") ?? "application";
  if (kind !== "application")
    return [
      unpriced("load balancer", `a ${kind} load balancer`, "only an application's price is known here"),
    ];
  const { subnets } = inputs;
  const zones = Array.isArray(subnets) ? subnets.length : scene.behind(resource, "subnets").length;
  return [
    { part: "load balancer", what: "the balancer", quantity: hours, unit: "hours", price: "alb.hour" },
    {
      part: "load balancer",
      what: "capacity units",
      quantity: lcu * hours,
      unit: "LCU-hours",
      price: "alb.lcuHour",
      assumed: "lcu",
    },
    ...(inputs["internal"] === true ? [] : [addresses(zones, hours)]),
  ];
};

function addresses(zones: number, hours: number): Item {
  const what = `${zones} public addresses, one in each zone`;
  return zones === 0
    ? unpriced("load balancer", "public addresses", "the stack does not say in which subnets it is")
    : { part: "load balancer", what, quantity: zones * hours, unit: "hours", price: "ipv4.hour" };
}

/** https://aws.amazon.com/vpc/pricing/ */
const natGateway: Rule = (_, { assumptions: { hours, natGb }, resources }, { type }) => {
  const all = resources.filter((other) => other.type === type).length;
  return [
    { part: "network", what: "NAT gateway", quantity: hours, unit: "hours", price: "nat.hour" },
    {
      part: "network",
      what: "traffic through it",
      quantity: natGb / all,
      unit: "GB",
      price: "nat.gb",
      assumed: "natGb",
    },
  ];
};

const address: Rule = (_, { assumptions: { hours } }) => [
  { part: "network", what: "public address", quantity: hours, unit: "hours", price: "ipv4.hour" },
];

/** Gateway endpoints, of S3 and DynamoDB, cost nothing. https://aws.amazon.com/privatelink/pricing/ */
const endpoint: Rule = (inputs, scene, resource) => {
  const kind = textIn(inputs, "vpcEndpointType") ?? "Gateway";
  if (kind === "Gateway") return [];
  if (kind !== "Interface")
    return [unpriced("network", `an endpoint of type ${kind}`, "no price of it is known here")];
  const { hours, endpointGb } = scene.assumptions;
  const { subnetIds } = inputs;
  const zones = Array.isArray(subnetIds) ? subnetIds.length : scene.behind(resource, "subnetIds").length;
  if (zones === 0)
    return [unpriced("network", "an interface endpoint", "the stack does not say in which subnets it is")];
  return [
    {
      part: "network",
      what: `interface endpoint in ${zones} zones`,
      quantity: zones * hours,
      unit: "hours",
      price: "vpce.interface.azHour",
    },
    {
      part: "network",
      what: "traffic through it",
      quantity: endpointGb,
      unit: "GB",
      price: "vpce.interface.gb",
      assumed: "endpointGb",
    },
  ];
};

export const networkRules: Readonly<Record<string, Rule>> = {
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:ec2/natGateway:NatGateway": natGateway,
  "aws:ec2/eip:Eip": address,
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
};
