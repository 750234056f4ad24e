import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { pricedRegions, pricesOf } from "../../../project/prices/prices.ts";

const folder = path.resolve(import.meta.dirname, "../../../project/prices");
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(folder, file), "utf8"));

const day = z.string().regex(/^(20\d\d(-\d\d){0,2}|undated)$/);
const sources = z
  .record(z.string(), z.strictObject({ what: z.string(), url: z.url().optional(), date: day.optional() }))
  .parse(read("sources.json"));
const priceList = z.record(
  z.string(),
  z.strictObject({
    usd: z.number().positive(),
    asOf: day,
    from: z.array(z.string().refine((key) => Object.hasOwn(sources, key))).min(1),
    varies: z.literal(true).optional(),
    derived: z.string().optional(),
  }),
);

test("there are five regions", () => {
  expect(pricedRegions).toEqual(["ap-southeast-1", "eu-central-1", "eu-west-1", "us-east-1", "us-west-2"]);
  expect(pricesOf("eu-north-1")).toBeUndefined();
  expect(pricesOf("../prices/us-east-1")).toBeUndefined();
});

test.each(pricedRegions)("each price of %s has its day and sources that exist", (region) => {
  const result = priceList.safeParse(read(`${region}.json`));
  expect(result.error?.issues ?? []).toEqual([]);
});

test("every source is one of a price", () => {
  const used = new Set(
    pricedRegions.flatMap((region) => Object.values(pricesOf(region)!).flatMap(({ from }) => from)),
  );
  expect(Object.keys(sources).filter((key) => !used.has(key))).toEqual([]);
});

describe.each(pricedRegions)("the prices of %s", (region) => {
  const prices = pricesOf(region)!;
  const keys = Object.keys(prices);

  test("are the same things as in us-east-1, but for images in us-west-2", () => {
    const lacking = Object.keys(pricesOf("us-east-1")!).filter((key) => !keys.includes(key));
    expect(lacking).toEqual(region === "us-west-2" ? ["ecr.storageGbMonth"] : []);
  });

  test("are larger for a standby, smaller on Spot, and 0.8 of Redis for Valkey", () => {
    for (const key of keys.filter((one) => one.endsWith(".single"))) {
      const ratio = prices[key.replace(/single$/, "multi")]!.usd / prices[key]!.usd;
      expect([key, ratio > 1.9 && ratio < 2.1]).toEqual([key, true]);
    }
    for (const unit of ["vcpuHour", "gbHour"])
      expect(prices[`fargateSpot.${unit}`]!.usd).toBeLessThan(0.4 * prices[`fargate.${unit}`]!.usd);
    for (const key of keys.filter((one) => one.startsWith("elasticache.valkey."))) {
      const redis = prices[key.replace("valkey", "redis")]!.usd;
      expect(prices[key]!.usd / redis).toBeCloseTo(0.8, 2);
    }
  });
});
