import { expect, test } from "vitest";
import { defaultImage, parseImage } from "../../infra/nango/image.ts";
import { newestRelease, releases } from "../../infra/nango/releases.ts";

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
  for (const { migrations } of releases) expect(Number.isInteger(migrations) && migrations >= 0).toBe(true);
});

test("every release can be pinned by its commit", () => {
  for (const { commit } of releases) {
    expect(parseImage(`nangohq/nango-server:hosted-${commit}`).tag).toBe(`hosted-${commit}`);
  }
});

test("a stack that names no image gets the newest", () => {
  expect(defaultImage).toBe(`nangohq/nango-server:hosted-${newestRelease.commit}`);
  expect(releases.at(-1)).toBe(newestRelease);
});
