import { expect, test } from "vitest";
import { subnets as subnetsCheck, vpc } from "../../../scripts/preflight/checks/network.ts";
import { networkAcls, routes } from "../../../scripts/preflight/checks/routes.ts";
import type { AwsCheck } from "../../../scripts/preflight/subject.ts";
import type { Topology } from "../../aws/topologies.ts";
import { deployedAs } from "./deployed-state.ts";
import { type Answer, nat, out, refusal, rule, said, subject, subnets, table } from "./recorded-aws.ts";

type Case = readonly [
  what: string,
  check: AwsCheck,
  answers: Readonly<Record<string, Answer>>,
  says: readonly RegExp[],
];

const attributes = (support: boolean, names: boolean): Record<string, Answer> => ({
  DescribeVpcAttribute: ({ Attribute }) =>
    Attribute === "enableDnsSupport"
      ? { EnableDnsSupport: { Value: support } }
      : { EnableDnsHostnames: { Value: names } },
});
const withSubnet = (number: number, changes: object) => ({
  DescribeSubnets: {
    Subnets: subnets.map((one, index) => (index === number ? { ...one, ...changes } : one)),
  },
});
const tables = (...all: object[]) => ({ DescribeRouteTables: { RouteTables: all } });
const endpoints = (...names: string[]) => ({
  DescribeVpcEndpoints: {
    VpcEndpoints: names.map((name) => ({
      ServiceName: `com.amazonaws.eu-central-1.${name}`,
      State: "available",
    })),
  },
});
const acl = (...Entries: object[]) => ({
  DescribeNetworkAcls: { NetworkAcls: [{ NetworkAclId: "acl-1", IsDefault: true, Entries }] },
});
const igw = out({ GatewayId: "igw-1" });
const open = [rule(100, "allow", false), rule(100, "allow", true)];

const cases: readonly Case[] = [
  ["a VPC that resolves names", vpc, {}, [/^good: vpc-0123456789abcdef0 is there, and resolves names$/]],
  [
    "no VPC",
    vpc,
    { DescribeVpcs: refusal("InvalidVpcID.NotFound", "The vpc ID 'vpc-0' does not exist") },
    [/^bad: this account has no VPC vpc-0123456789abcdef0 in eu-central-1$/],
  ],
  ["a VPC without DNS", vpc, attributes(false, true), [/^bad: vpc-0123456789abcdef0 does not resolve names/]],
  ["a VPC without host names", vpc, attributes(true, false), [/^warning: .* gives no host names/]],
  ["subnets as they have to be", subnetsCheck, {}, [/^good: 6 subnets of vpc-0123456789abcdef0 are there/]],
  [
    "a subnet of another VPC",
    subnetsCheck,
    withSubnet(3, { VpcId: "vpc-9" }),
    [/^bad: subnet-0123456789abcdef3: not in vpc-0123456789abcdef0/],
  ],
  [
    "two subnets of the load balancer in one zone",
    subnetsCheck,
    withSubnet(1, { AvailabilityZone: "eu-central-1a", AvailabilityZoneId: "euc1-az1" }),
    [/^bad: nango:publicSubnetIds has another subnet in the zone/],
  ],
  [
    "databases in one zone",
    subnetsCheck,
    withSubnet(5, { AvailabilityZone: "eu-central-1a", AvailabilityZoneId: "euc1-az1" }),
    [/^bad: the subnets of databases .* RDS demands two zones/],
  ],
  [
    "a full subnet",
    subnetsCheck,
    withSubnet(0, { AvailableIpAddressCount: 7 }),
    [/^bad: subnet-0123456789abcdef0 has 7 free addresses, and 8 are needed$/],
  ],
  ["routes as they have to be", routes, {}, [/^good: load balancer and tasks reach the internet/]],
  [
    "a load balancer that leads to NAT",
    routes,
    tables(table([], nat)),
    [
      /^bad: subnet-0123456789abcdef0 of the load balancer leads to nat-/,
      /^bad: subnet-0123456789abcdef1 of the/,
    ],
  ],
  [
    "tasks that lead to an internet gateway",
    routes,
    tables(table([], igw)),
    [
      /^bad: subnet-0123456789abcdef2 of the tasks leads to the internet gateway igw-1, which carries/,
      /abcdef3/,
    ],
  ],
  [
    "tasks that lead nowhere",
    routes,
    tables(table([], igw), table([2, 3])),
    [/^bad: subnet-0123456789abcdef2 of the tasks has no way out: no task starts/, /abcdef3/],
  ],
  [
    "tasks behind a NAT gateway that is gone",
    routes,
    tables(table([], igw), table([2, 3], { ...nat, State: "blackhole" })),
    [/abcdef2 of the tasks has no way out/, /abcdef3/],
  ],
  [
    "tasks that reach AWS alone",
    routes,
    {
      ...tables(table([], igw), table([2, 3])),
      ...endpoints("ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager"),
    },
    [
      /^warning: subnet-0123456789abcdef2 of the tasks reaches AWS through endpoints, and nothing else/,
      /abcdef3/,
    ],
  ],
  [
    "tasks that do not reach all of AWS",
    routes,
    { ...tables(table([], igw), table([2, 3])), ...endpoints("ecr.api", "ecr.dkr", "s3", "logs") },
    [/abcdef2 of the tasks has no way out/, /abcdef3/],
  ],
  ["open network ACLs", networkAcls, {}, [/^good: they let through/]],
  [
    "an ACL without rules",
    networkAcls,
    acl(),
    [
      ...Array.from({ length: 2 }, () => [
        /lets no requests of users \(443\) through/,
        /lets no answers to users/,
      ]).flat(),
      ...Array.from({ length: 2 }, () => [
        /lets no requests to the internet/,
        /lets no answers from the internet/,
      ]).flat(),
    ],
  ],
  [
    "an ACL that denies first",
    networkAcls,
    acl(rule(1, "deny", true, { Protocol: "6", PortRange: { From: 443, To: 443 } }), ...open),
    [/^bad: acl-1 of subnet-0123456789abcdef2 lets no requests to the internet \(443\) through$/, /abcdef3/],
  ],
  ["an ACL that denies last", networkAcls, acl(...open, rule(32_767, "deny", true)), [/^good/]],
  [
    "an ACL for some addresses",
    networkAcls,
    acl(rule(100, "allow", true), rule(90, "allow", false, { CidrBlock: "10.0.0.0/8" })),
    Array.from(
      { length: 4 },
      () => /^warning: acl-1 of subnet-0123456789abcdef\d lets only some (requests|answers)/,
    ),
  ],
];

test.each(cases)("says of %s what it is", async (_, check, answers, says) => {
  const lines = await said([check], await subject("existing VPC", answers));
  expect(lines, lines.join("\n")).toHaveLength(says.length);
  says.forEach((pattern, index) => expect(lines[index]).toMatch(pattern));
});

test("tasks with public addresses lead to an internet gateway", async () => {
  const topology: Topology = "existing VPC and database";
  expect(await said([routes], await subject(topology))).toEqual([expect.stringMatching(/^good/)]);
  const lines = await said([routes], await subject(topology, tables(table([], nat))));
  expect(
    lines.filter((line) => /of the tasks leads to nat-\S+, and not to an internet gateway$/.test(line)),
  ).toHaveLength(2);
});

test("a deployed stack takes no more addresses", async () => {
  const state = await deployedAs("existing VPC");
  const full = withSubnet(0, { AvailableIpAddressCount: 0 });
  expect(await said([subnetsCheck], await subject("existing VPC", full, { state }))).toEqual([
    expect.stringMatching(/^good/),
  ]);
});

test("a network of the stack's own is not looked at", async () => {
  const lines = await said([vpc, subnetsCheck, routes, networkAcls], await subject("dev"));
  expect(lines).toEqual(Array(4).fill("skipped: the stack makes its own network"));
});
