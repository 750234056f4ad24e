import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { judgeTip } from "../../../scripts/ci/tip.ts";
import { commit, directory, git, repositoriesOfTheirOwn } from "./repository.ts";

repositoriesOfTheirOwn();

/** Checks a commit out beside the branch; answers the folder of its project. */
function checkout(of: string): string {
  git("worktree", "add", "--quiet", "--detach", "run", of);
  return path.join(directory, "run");
}

test("the commit that the branch has is deployed", async () => {
  const tip = commit({ "infra/a.ts": "1" });
  expect(await judgeTip(checkout(tip), directory)).toBe(`${tip} has the project as the branch has it.`);
});

test("an older one is not, and both are named with the way out", async () => {
  const old = commit({ "infra/a.ts": "1" });
  const tip = commit({ "infra/a.ts": "2" });
  await expect(judgeTip(checkout(old), directory)).rejects.toThrow(
    new RegExp(`^${old} is not deployed: the branch is at ${tip}.*newest run.*Roll back`, "s"),
  );
});

test("one that was pushed away is not", async () => {
  const first = commit({ "infra/a.ts": "1" });
  const pushedAway = commit({ "infra/a.ts": "2" });
  git("reset", "--quiet", "--hard", first);
  await expect(judgeTip(checkout(pushedAway), directory)).rejects.toThrow("is not deployed");
});

test("what changed beside the project's folder does not count, nor what was taken back", async () => {
  const old = commit({ "platform/nango/infra/a.ts": "1", "web/a.ts": "1" });
  commit({ "web/a.ts": "2" });
  const run = path.join(checkout(old), "platform/nango");
  const project = path.join(directory, "platform/nango");
  expect(await judgeTip(run, project)).toContain(old);
  commit({ "platform/nango/infra/a.ts": "2" });
  await expect(judgeTip(run, project)).rejects.toThrow("is not deployed");
  commit({ "platform/nango/infra/a.ts": "1" });
  expect(await judgeTip(run, project)).toContain(old);
});

test("a folder that is no checkout is refused", async () => {
  const tip = checkout(commit({ "infra/a.ts": "1" }));
  mkdirSync(path.join(directory, "empty"));
  for (const wrong of ["empty", "missing"])
    await expect(judgeTip(tip, path.join(directory, wrong)), wrong).rejects.toThrow(
      "is no folder of a commit that is checked out",
    );
});
