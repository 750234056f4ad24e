import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { defaultImage, parseImage } from "../../infra/nango/image.ts";
import { defaultRelease, releases } from "../../infra/nango/releases.ts";

const inOrder = (values: readonly string[]) =>
  values.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));

test("releases are told apart by version and commit, the newest last", () => {
  const versions = releases.map(({ version }) => version);
  expect(new Set(versions).size).toBe(releases.length);
  expect(inOrder(versions)).toEqual(versions);
  const dates = releases.map(({ date }) => date);
  expect(dates.toSorted()).toEqual(dates);
  expect(dates.every((date) => /^202\d-\d\d-\d\d$/.test(date))).toBe(true);
  expect(new Set(releases.map(({ commit }) => commit)).size).toBe(releases.length);
  for (const { atLeast } of releases.map(({ migrations }) => migrations))
    expect(Number.isInteger(atLeast) && atLeast >= 0).toBe(true);
});

test("every release can be pinned by its commit", () => {
  for (const { commit } of releases) {
    expect(parseImage(`nangohq/nango-server:hosted-${commit}`).tag).toBe(`hosted-${commit}`);
  }
});

test("a stack that names no image gets a release of the table whose migrations are counted", () => {
  expect(defaultImage).toBe(`nangohq/nango-server:hosted-${defaultRelease.commit}`);
  expect(releases).toContain(defaultRelease);
  expect(defaultRelease.migrations.isExact).toBe(true);
});

test("the page on upgrades names the default and the newest release", () => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/upgrade.md"), "utf8");
  const { version, application } = defaultRelease;
  expect(page).toContain(`gets release ${version}, with Nango ${application},`);
  expect(page).toContain(`npm run upgrade -- dev ${releases.at(-1)?.version}\n`);
});
