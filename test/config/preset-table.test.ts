import { describe, expect, test } from "vitest";
import { presetsBySize } from "../../infra/config/preset-table.ts";
import { presets, type Size } from "../../infra/config/presets.ts";
import { settings } from "../../infra/config/settings.ts";
import { awsConfig, type Texts } from "./given.ts";

const rows = presetsBySize();

/** What has to be there for a key to have an effect. */
function around(key: string): Texts {
  if (key.startsWith("recordsDatabase")) return { recordsDatabase: "dedicated" };
  if (key.startsWith("search")) return { logs: "opensearch" };
  return key.startsWith("cache") ? { redis: "elasticache" } : {};
}

/** A configuration without what only says that a value was given: that, and the limit that Postgres is then told. */
const meaning = (texts: Texts) =>
  JSON.stringify(awsConfig(texts), (key, value: unknown) =>
    key === "storageIsGiven" || key === "maxConnections" ? undefined : value,
  );

describe.each(Object.keys(presets) as Size[])("in the size %s", (size) => {
  test.each(rows)("giving %s what the table shows changes nothing", (key, values) => {
    const without = { ...around(key), size };
    // What one pool is given, the others are not divided with.
    if (key === "databasePoolMax") return expect(values[size]).toBe(String(awsConfig(without).pools.main));
    expect(meaning({ ...without, [key]: values[size] })).toBe(meaning(without));
  });
});

test("the table has every key that the size decides", () => {
  const shown = rows.map(([key]) => key);
  const decided = Object.keys(presets.small).filter((key) => Object.hasOwn(settings, key));
  expect(decided.length).toBeGreaterThan(10);
  expect(shown).toEqual(expect.arrayContaining(decided));
});
