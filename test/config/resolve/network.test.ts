import { describe, expect, test } from "vitest";
import { awsConfig, parseTexts } from "../given.ts";
import { subnets } from "./samples.ts";

const ids = (...digits: string[]) => digits.map((digit) => `subnet-0000000${digit}`);

describe("a VPC of one's own", () => {
  const vpc = { vpcId: "vpc-01234567", publicSubnetIds: subnets("1", "2") };
  test("with private subnets keeps tasks and databases in them", () => {
    expect(awsConfig({ ...vpc, privateSubnetIds: subnets("3", "4") }).network).toEqual({
      kind: "existing",
      vpcId: "vpc-01234567",
      loadBalancerSubnetIds: ids("1", "2"),
      taskSubnetIds: ids("3", "4"),
      assignPublicIp: false,
      databaseSubnetIds: ids("3", "4"),
    });
  });
  test("without them gives tasks public addresses, and databases their own subnets", () => {
    expect(awsConfig({ ...vpc, databaseSubnetIds: subnets("5", "6") }).network).toMatchObject({
      taskSubnetIds: ids("1", "2"),
      assignPublicIp: true,
      databaseSubnetIds: ids("5", "6"),
    });
  });
});

test("Connect UI has a host of its own, by default below the domain", () => {
  expect(awsConfig().access.https).toEqual({
    domain: "nango.example.com",
    connectDomain: "connect.nango.example.com",
    hostedZone: { name: "example.com" },
    certificateArn: undefined,
  });
  expect(
    awsConfig({ connectDomain: "connect.example.com", hostedZone: "Z0123456789" }).access.https,
  ).toMatchObject({
    connectDomain: "connect.example.com",
    hostedZone: { id: "Z0123456789" },
  });
  const { config } = parseTexts({ insecureHttp: "true" });
  expect(config).toMatchObject({ access: { https: undefined } });
});

test.each([
  [{}, false],
  [{ internal: "true" }, true],
  [{ internal: "true", allowPrivateAddresses: "false" }, false],
  [{ allowPrivateAddresses: "true" }, true],
])("%j allows requests to private addresses: %s", (values, allowed) => {
  expect(awsConfig(values).access.allowPrivateAddresses).toBe(allowed);
});
