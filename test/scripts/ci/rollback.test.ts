import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { releases } from "../../../infra/nango/releases.ts";
import { commitTag, defaultImage } from "../../../infra/nango/image.ts";
import { readProject } from "../../../project/project.ts";
import { judgeRollback } from "../../../scripts/ci/rollback.ts";
import { commit, directory, git, repositoriesOfTheirOwn } from "./repository.ts";

repositoriesOfTheirOwn();

const imageOf = (version: string) =>
  `nangohq/nango-server:${commitTag(releases.find((release) => release.version === version)!.commit)}`;
const project = (image = defaultImage) =>
  `name: nango\nruntime: nodejs\nstackConfigDir: stacks\nconfig:\n  image:\n    default: ${image}\n`;
const stack = (image?: string) =>
  `config:\n  aws:region: eu-central-1\n${image === undefined ? "" : `  nango:image: ${image}\n`}`;

const judge = (wanted: string) => judgeRollback(readProject(directory), "dev", wanted, releases);

const both = (image?: string, standard?: string) =>
  commit({ "Pulumi.yaml": project(standard), "stacks/Pulumi.dev.yaml": stack(image) });

test("a commit with the same Nango can be gone back to", async () => {
  const before = both();
  git("tag", "v1");
  commit({ "infra/a.ts": "" });
  for (const wanted of [before, "HEAD~1", "v1", before.slice(0, 8)])
    expect(await judge(wanted)).toEqual({
      commit: before,
      text: `Stack dev goes back to ${before}, with the Nango that it has.`,
    });
});

test("one with an older Nango can where no migration lies between", async () => {
  const before = both(imageOf("1.6.4"));
  both(imageOf("1.6.5"));
  expect((await judge(before)).text).toMatch(/with Nango 0\.71\.3: no database migration lies between\.$/);
});

test("one with an older Nango cannot where one does, also where only the default changed", async () => {
  const before = both(imageOf("1.6.3"));
  both(imageOf("1.6.4"));
  await expect(judge(before)).rejects.toThrow("docs/upgrade.md#going-back");
  const byDefault = both(undefined, imageOf("1.6.3"));
  both();
  await expect(judge(byDefault)).rejects.toThrow("docs/upgrade.md#going-back");
  const unknown = both(`nangohq/nango-server:hosted-${"0".repeat(40)}`);
  both();
  await expect(judge(unknown)).rejects.toThrow("docs/upgrade.md#going-back");
});

test("what was never on the branch, or is no commit, is refused", async () => {
  both();
  git("switch", "--quiet", "--create", "other");
  const elsewhere = commit({ a: "" });
  git("switch", "--quiet", "main");
  commit({ b: "" });
  await expect(judge(elsewhere)).rejects.toThrow("was never on this branch");
  for (const wrong of ["nothing", "--output=/tmp/x", "HEAD; id", ""])
    await expect(judge(wrong), wrong).rejects.toThrow("is no commit");
});

test("where git has nothing of the project, that is told in place of a commit that would be wrong", async () => {
  both();
  rmSync(path.join(directory, ".git"), { recursive: true });
  await expect(judge("HEAD")).rejects.toThrow(
    /^git knows no commit here, and so not "HEAD": .* in a clone\.$/,
  );
});

test("a stack that was not there then is told", async () => {
  const before = commit({ "Pulumi.yaml": project() });
  mkdirSync(path.join(directory, "stacks"));
  both();
  await expect(judge(before)).rejects.toThrow('there was no stack "dev"');
});
