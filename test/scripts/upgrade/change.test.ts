import { expect, test } from "vitest";
import { parseImage } from "../../../infra/nango/image.ts";
import { defaultRelease, releases } from "../../../infra/nango/releases.ts";
import { changeBetween, leavesDatabase, pinnedTo, releaseOf } from "../../../scripts/upgrade/change.ts";

const release = (version: string) => releases.find((one) => one.version === version)!;
const between = (from: string, to: string) => changeBetween(releases, release(from), release(to));

test("counts releases and migrations between two, whichever is newer", () => {
  const [there, back] = [between("1.6.0", "1.6.3"), between("1.6.3", "1.6.0")];
  expect(there).toMatchObject({ direction: "forward", migrations: { atLeast: 3, isExact: true } });
  expect(there.steps.map(({ version }) => version)).toEqual(["1.6.1", "1.6.2", "1.6.3"]);
  expect(back).toMatchObject({ direction: "back", migrations: there.migrations, steps: there.steps });
  const none = between("1.6.0", "1.6.0");
  expect(none).toMatchObject({ direction: "none", migrations: { atLeast: 0, isExact: true } });
});

test("counts at least what is known of, where the migrations of one between are not", () => {
  expect(between("1.6.5", "1.6.12").migrations).toEqual({ atLeast: 7, isExact: false });
  expect(between("1.6.12", "1.6.7").migrations).toEqual({ atLeast: 0, isExact: false });
});

test("leaves the database only where it is certain that nothing migrates", () => {
  expect(leavesDatabase(between("1.6.4", "1.6.5"))).toBe(true);
  expect(leavesDatabase(between("1.6.5", "1.6.6"))).toBe(false);
  expect(leavesDatabase(between("1.6.7", "1.6.8"))).toBe(false);
  expect(leavesDatabase(changeBetween(releases, undefined, release("1.6.8")))).toBe(false);
});

test("is of unknown direction from a commit that is no release", () => {
  const image = parseImage(`nangohq/nango-server:hosted-${"01".repeat(20)}`);
  expect(releaseOf(image, releases)).toBeUndefined();
  expect(changeBetween(releases, undefined, defaultRelease).direction).toBe("unknown");
});

test("tells the release of a tag, with or without a digest", () => {
  const digest = `sha256:${"ab".repeat(32)}`;
  for (const one of releases) {
    const reference = `nangohq/nango-server:hosted-${one.commit}`;
    expect(releaseOf(parseImage(reference), releases)).toBe(one);
    expect(releaseOf(parseImage(`${reference}@${digest}`), releases)).toBe(one);
  }
  expect(releaseOf(parseImage(`nangohq/nango-server@${digest}`), releases)).toBeUndefined();
});

test("stays in the repository where the stack has its image, and drops an old digest", () => {
  const image = parseImage(`ghcr.io/acme/nango:hosted-${release("1.6.0").commit}@sha256:${"ab".repeat(32)}`);
  expect(pinnedTo(image, release("1.6.1"))).toBe(`ghcr.io/acme/nango:hosted-${release("1.6.1").commit}`);
});
