import { describe, expect, test } from "vitest";
import { releases, type Release, unknownMigrations } from "../../../infra/nango/releases.ts";
import { findRelease, knownReleases } from "../../../scripts/upgrade/known-releases.ts";
import { manifestOf, serve } from "./manifest-server.ts";

const newer = (version: string): Release => ({
  version,
  application: "0.72.6",
  commit: "0123456789abcdef".repeat(3).slice(0, 40),
  date: "2026-10-20",
  migrations: unknownMigrations,
});
const served = async (some: readonly Release[]) =>
  knownReleases({
    offline: false,
    manifest: await serve((_, response) => response.end(manifestOf(some))),
  });

describe("the releases that can be chosen", () => {
  test("are those of the manifest, in the order of versions, with the migrations that were counted", async () => {
    const known = await served([newer("1.10.0"), ...releases, newer("1.9.0")]);
    expect(known.list).toEqual([...releases, newer("1.9.0"), newer("1.10.0")]);
    expect(known).toMatchObject({ newest: newer("1.10.0"), isCurrent: true });
    expect(known.origin).toBe("This is Nango's manifest, read just now.");
  });

  test("stay those of the table where the manifest has less, or another commit, which is said", async () => {
    const { list, origin } = await served([{ ...releases.at(-2)!, commit: newer("1").commit }]);
    expect(list).toEqual(releases);
    expect(origin).toContain(`Of 1.6.11 it names another commit, ${newer("1").commit}, than this project`);
  });

  test("are those of the table, with its date, where the manifest cannot be had", async () => {
    const manifest = await serve((_, response) => response.writeHead(404).end());
    const known = await knownReleases({ offline: false, manifest });
    expect(known).toMatchObject({ list: releases, isCurrent: false });
    expect(known.origin).toMatch(
      /^Nango's manifest could not be reached \(HTTP 404\): going by the table of this project, of 2026-09-17\. Newer .*json$/,
    );
  });

  test("are those of the table, without a question to anybody, with --offline", async () => {
    let asked = 0;
    const manifest = await serve((_, response) => {
      asked += 1;
      response.end(manifestOf([newer("1.9.0")]));
    });
    const known = await knownReleases({ offline: true, manifest });
    expect(known).toMatchObject({ list: releases, isCurrent: false });
    expect(known.origin).toMatch(/^Nango's manifest was not asked \(--offline\).*of 2026-09-17/);
    expect(asked).toBe(0);
  });
});

describe("a release that is asked for", async () => {
  const known = await knownReleases({ offline: true });

  test.each(["1.6.12", "v1.6.12"])("is found as %s", (version) => {
    expect(findRelease(known, version, "")).toBe(releases.at(-1));
  });

  test.each([
    ["1.6.66", "The nearest is 1.6.12."],
    ["1.4.99", "The nearest is 1.4.15."],
    ["1.4", "The nearest is 1.4.15."],
    ["1.5.x", "The nearest is 1.5.12."],
    ["0.9.0", "The nearest is 1.0.1."],
    ["1.6.12-rc.1", "The nearest is 1.6.12."],
    ["0.71.4", "0.71.4 is the version of Nango that releases 1.6.5 and 1.6.6 hold."],
    ["0.71.7", "0.71.7 is the version of Nango that release 1.6.12 holds."],
    ["latest", "It has to be a version, as in 1.6.6."],
  ])("and is not there as %s has a near one by its number, not by its spelling", (version, remark) => {
    expect(() => findRelease(known, version, "By hand: ...")).toThrow(
      `Release "${version}" is not known here. ${remark} The newest is 1.6.12.\n${known.origin}\nBy hand: ...`,
    );
  });
});
