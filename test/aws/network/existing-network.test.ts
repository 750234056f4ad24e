import * as aws from "@pulumi/aws";
import { afterEach, expect, test, vi } from "vitest";
import { runsFargate } from "../../../infra/aws/network/fargate-zones.ts";
import { inspectNetwork } from "../../../infra/aws/network/existing-network.ts";
import {
  type Demands,
  type FoundSubnet,
  subnetProblems,
} from "../../../infra/aws/network/subnet-problems.ts";

afterEach(() => vi.restoreAllMocks());

const subnets = (...zones: string[]): FoundSubnet[] =>
  zones.map((zone, index) => ({ id: `subnet-${index}`, zone, zoneId: `${zone}-id` }));
const sound = { loadBalancer: subnets("a", "b"), tasks: subnets("a", "b"), databases: subnets("a", "b") };
const demands: Demands = { region: "eu-central-1", data: true, searchZones: undefined };

test.each([
  ["two of each", sound, demands],
  [
    "more subnets of tasks and databases than zones",
    { ...sound, tasks: subnets("a", "a"), databases: subnets("a", "a", "b") },
    demands,
  ],
  [
    "one zone for databases that are elsewhere",
    { ...sound, databases: subnets("a") },
    { ...demands, data: false },
  ],
  [
    "a domain in as many zones as there are",
    { ...sound, databases: subnets("a", "a", "b") },
    { ...demands, searchZones: 2 },
  ],
])("%s: fine", (_, found, wanted) => {
  expect(subnetProblems(found, wanted)).toEqual([]);
});

test.each<[string, Partial<typeof sound>, Partial<Demands>, RegExp[]]>([
  [
    "two subnets of the load balancer in one zone",
    { loadBalancer: subnets("a", "b", "a") },
    {},
    [/publicSubnetIds.*subnet-2, a/],
  ],
  ["databases in one zone", { databases: subnets("a", "a") }, {}, [/all lie in a, and RDS demands two/]],
  [
    "a domain that would spread over more zones than there are",
    { databases: subnets("a", "b", "a") },
    { searchZones: 3 },
    [/2 zones \(a, b\).*spread over 3.*searchInstanceCount to a multiple of 2/],
  ],
  [
    "several at once",
    { loadBalancer: subnets("a", "a"), databases: subnets("b") },
    {},
    [/publicSubnetIds/, /all lie in b/],
  ],
])("%s: refused", (_, found, wanted, messages) => {
  expect(subnetProblems({ ...sound, ...found }, { ...demands, ...wanted })).toEqual(
    messages.map((message) => expect.stringMatching(message)),
  );
});

test("tasks in a zone without Fargate are refused", () => {
  const tasks = [{ id: "subnet-x", zone: "ap-northeast-1b", zoneId: "apne1-az3" }];
  expect(subnetProblems({ ...sound, tasks }, { ...demands, region: "ap-northeast-1" })).toEqual([
    expect.stringMatching(/subnet-x of the tasks lies in apne1-az3, which has no Fargate/),
  ]);
});

test.each([
  ["us-west-1", "usw1-az1", true],
  ["us-west-1", "usw1-az2", false],
  ["ap-northeast-1", "apne1-az3", false],
  ["ap-northeast-1", "apne1-az4", true],
  ["cn-north-1", "cnn1-az4", false],
  ["eu-central-1", "euc1-az3", true],
])("in %s the zone %s runs Fargate: %s", (region, zoneId, runs) => {
  expect(runsFargate(region, zoneId)).toBe(runs);
});

test("a VPC and subnets that are not there are refused by their names, each once", async () => {
  vi.spyOn(aws.ec2, "getVpc").mockResolvedValue({ enableDnsSupport: true } as aws.ec2.GetVpcResult);
  const getSubnet = vi
    .spyOn(aws.ec2, "getSubnet")
    .mockRejectedValue(new Error("no matching EC2 Subnet found"));
  const network = {
    kind: "existing",
    vpcId: "vpc-1",
    loadBalancerSubnetIds: ["subnet-1"],
    taskSubnetIds: ["subnet-1"],
    assignPublicIp: true,
    databaseSubnetIds: [],
  } as const;
  await expect(inspectNetwork(network, demands)).rejects.toThrow(
    /:\n\n {2}- the subnet subnet-1 was not found in nango:vpcId = "vpc-1": no matching EC2 Subnet found\n$/,
  );
  expect(getSubnet).toHaveBeenCalledWith({ id: "subnet-1", vpcId: "vpc-1" });

  vi.spyOn(aws.ec2, "getVpc").mockRejectedValue(new Error("no matching EC2 VPC found"));
  await expect(inspectNetwork(network, demands)).rejects.toThrow(
    /^nango:vpcId = "vpc-1" was not found: no matching EC2 VPC found$/,
  );
});
