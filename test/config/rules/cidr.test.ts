import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  carveSubnets,
  formatCidr,
  longestVpcPrefix,
  overlap,
  parseCidr,
  size,
  type Cidr,
} from "../../../infra/config/rules/cidr.ts";
import { refusal } from "../../refusal.ts";

/** A range with no bits after its prefix. */
const range = (shortest: number, longest: number): fc.Arbitrary<Cidr> =>
  fc
    .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: shortest, max: longest }))
    .map(([address, prefix]) => ({ base: address - (address % 2 ** (32 - prefix)), prefix }));
const vpc = range(16, longestVpcPrefix);
const zones = fc.integer({ min: 1, max: 4 });
const kinds = ["public", "private", "database"] as const;

const lastAddress = (cidr: Cidr) => cidr.base + size(cidr) - 1;

describe("parseCidr", () => {
  test("reads back what formatCidr writes", () => {
    fc.assert(
      fc.property(range(0, 32), (cidr) => {
        expect(parseCidr(formatCidr(cidr))).toEqual(cidr);
      }),
    );
  });

  test.each([
    ["10.0.0.0", /not an IPv4 range/],
    ["10.0.0.0/33", /not an IPv4 range/],
    ["10.0.256.0/16", /not an IPv4 range/],
    ["10.0.0/16", /not an IPv4 range/],
    ["fd00::/64", /not an IPv4 range/],
    [" 10.0.0.0/16", /not an IPv4 range/],
    ["10.0.0.0/16\n", /not an IPv4 range/],
    ["0.0.0.0/", /not an IPv4 range/],
    ["10.0.3.7/16", /has bits after its prefix; the range is 10\.0\.0\.0\/16$/],
    ["255.255.255.255/0", /the range is 0\.0\.0\.0\/0$/],
  ])("refuses %j", (text, message) => {
    expect(refusal(() => parseCidr(text))).toMatch(message);
  });
});

test.each([
  ["10.0.0.0/16", "10.0.255.0/24", true],
  ["10.0.255.0/24", "10.0.0.0/16", true],
  ["10.0.0.0/16", "10.0.0.0/16", true],
  ["0.0.0.0/0", "255.255.255.255/32", true],
  ["10.0.0.0/16", "10.1.0.0/16", false],
  ["10.1.0.0/16", "10.0.0.0/16", false],
  ["127.255.255.255/32", "128.0.0.0/1", false],
])("%s and %s share an address: %s", (one, other, shared) => {
  expect(overlap(parseCidr(one), parseCidr(other))).toBe(shared);
});

describe("carveSubnets", () => {
  // A deployed network is replaced when one of these changes.
  test("lays a /16 out as it always did", () => {
    expect(carveSubnets("10.0.0.0/16", 3)).toEqual({
      public: ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"],
      private: ["10.0.64.0/19", "10.0.96.0/19", "10.0.128.0/19"],
      database: ["10.0.192.0/21", "10.0.200.0/21", "10.0.208.0/21"],
    });
  });

  test("gives each zone one subnet of each kind, inside the VPC, apart from all others, no smaller than /28", () => {
    fc.assert(
      fc.property(vpc, zones, (whole, count) => {
        const carved = carveSubnets(formatCidr(whole), count);
        for (const kind of kinds) expect(carved[kind]).toHaveLength(count);
        // parseCidr refuses a range that does not begin at its own first address.
        const subnets = kinds.flatMap((kind) => carved[kind].map(parseCidr)).sort((a, b) => a.base - b.base);
        for (const [index, subnet] of subnets.entries()) {
          expect(subnet.prefix).toBeLessThanOrEqual(28);
          expect(subnet.base).toBeGreaterThanOrEqual(whole.base);
          expect(lastAddress(subnet)).toBeLessThanOrEqual(lastAddress(whole));
          expect(subnet.base).toBeGreaterThan(index === 0 ? -1 : lastAddress(subnets[index - 1]!));
        }
      }),
    );
  });

  test("moves no subnet when a zone is added", () => {
    fc.assert(
      fc.property(vpc, zones, (whole, count) => {
        const [few, more] = [count, 4].map((wanted) => carveSubnets(formatCidr(whole), wanted));
        for (const kind of kinds) expect(more![kind].slice(0, count)).toEqual(few![kind]);
      }),
    );
  });

  test.each([
    ["10.0.0.0/15", /larger than \/16/],
    ["0.0.0.0/0", /larger than \/16/],
    ["10.0.0.0/24", /too small: 23 is the longest prefix/],
    ["10.0.0.0/32", /too small/],
    ["10.0.0.1/16", /bits after its prefix/],
    ["ten", /not an IPv4 range/],
  ])("refuses %s", (text, message) => {
    expect(refusal(() => carveSubnets(text, 2))).toMatch(message);
  });
});
