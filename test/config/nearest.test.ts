import { expect, test } from "vitest";
import { didYouMean, nearest } from "../../infra/config/nearest.ts";
import { settings } from "../../infra/config/settings.ts";
import { variableNames } from "../../infra/nango/variables.ts";

const settingNames = Object.keys(settings);

test.each([
  ["domian", "domain"],
  ["databaseURL", "databaseUrl"],
  ["database_url", "databaseUrl"],
  ["multiAz", "databaseMultiAz"],
  ["nango-size", undefined],
  ["replica", "replicas"],
  ["sise", "size"],
  ["siez", "size"],
  ["banana", undefined],
  ["zone", undefined],
  ["x", undefined],
  ["", undefined],
])("of the settings, %j is nearest to %j", (written, expected) => {
  expect(nearest(written, settingNames)).toBe(expected);
});

// Names of Nango's older guides and of its SDK, which are near to variables that have nothing to do with them.
test.each(["NANGO_CALLBACK_URL", "SENTRY_DSN", "MY_OWN_THING"])("no variable is near to %s", (name) => {
  expect(nearest(name, variableNames)).toBeUndefined();
});

test.each([
  ["NANGO_DB_POOL_MIM", "NANGO_DB_POOL_MIN"],
  ["LOGLEVEL", "LOG_LEVEL"],
  ["REDIS_URL", "NANGO_REDIS_URL"],
])("%s is near to %s", (written, expected) => {
  expect(nearest(written, variableNames)).toBe(expected);
});

test("the question names the nearest, or is not asked", () => {
  expect(didYouMean("eu-centrl-1", ["eu-central-1", "us-east-1"])).toBe(" Did you mean eu-central-1?");
  expect(didYouMean("sise", settingNames, (name) => `nango:${name}`)).toBe(" Did you mean nango:size?");
  expect(didYouMean("banana", settingNames)).toBe("");
});
