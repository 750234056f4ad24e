import { expect, test, vi } from "vitest";
import { readProject } from "../../../project/project.ts";
import { dockerResults, judgeMemory } from "../../../scripts/preflight/docker.ts";
import { readSettings } from "../../../scripts/pulumi/settings.ts";
import { fakeDocker, foldersOfTheirOwn } from "../pulumi/docker.ts";

foldersOfTheirOwn();

const project = readProject(".");

async function local(cases: string): Promise<string[]> {
  fakeDocker(`
  *"context inspect"*) echo "default unix:///engine.sock" ;;
  *" version "*) echo '{"Version":"27.0.0","ApiVersion":"1.46"}' ;;
  ${cases}`);
  vi.stubEnv("DOCKER_HOST", "tcp://engine.invalid:2375");
  const settings = readSettings(project, "local", {});
  const results = await dockerResults(project, { name: "local", settings });
  return results.map(({ verdict, title, says }) => `${verdict} ${title}: ${says}`);
}

test("an engine that answers, free ports and enough memory are in order", async () => {
  expect(await local(`*" info "*) echo 8331956224 ;;`)).toEqual([
    "good Docker: an engine answers at tcp://engine.invalid:2375",
    "good Ports: those of the stack are free, or its own",
    "good Memory: the engine has 7.8 GiB",
  ]);
});

test("a port that another container has is in the way, and little memory may be", async () => {
  const cases = `*" ps "*3003*) echo other ;;\n  *" info "*) echo 2147483648 ;;`;
  expect((await local(cases)).slice(1)).toEqual([
    "bad Ports: Port 3003 (nango:dockerServerPort) is taken by the container other",
    "warning Memory: the engine has 2.0 GiB, and Nango with what it needs takes 4",
  ]);
});

test("without an engine nothing else is looked at", async () => {
  fakeDocker(`
  *"context inspect"*) echo "default unix:///engine.sock" ;;
  *) echo "Cannot connect to the Docker daemon" >&2; exit 1 ;;`);
  vi.stubEnv("DOCKER_HOST", "tcp://engine.invalid:2375");
  const results = await dockerResults(project, {
    name: "local",
    settings: readSettings(project, "local", {}),
  });
  expect(results).toMatchObject(
    [
      {
        verdict: "bad",
        says: "No Docker engine answers at tcp://engine.invalid:2375 (DOCKER_HOST)",
        remedy: /^start Docker, or set DOCKER_HOST/,
      },
    ].map(({ remedy, ...rest }) => ({ ...rest, remedy: expect.stringMatching(remedy) })),
  );
});

test.each([
  [4 * 1024 ** 3, 4, "good"],
  // What Docker Desktop leaves of 4 GiB.
  [4_109_938_688, 4, "good"],
  [4 * 1024 ** 3, 6, "warning"],
  [Number.NaN, 4, "warning"],
])("%d bytes where %d GiB are needed: %s", (bytes, needed, verdict) => {
  expect(judgeMemory(bytes, needed).verdict).toBe(verdict);
});
