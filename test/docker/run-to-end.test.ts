import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runToEnd } from "../../infra/docker/run-to-end.ts";
import { rehearse } from "../rehearse.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "docker-"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A command `docker` that notes its arguments and then does what the script says. The search path that finds it. */
function fakeDocker(script: string): string {
  const file = path.join(folder, "docker");
  writeFileSync(file, `#!/bin/sh\necho "$*" >>${folder}/calls\n${script}\n`);
  chmodSync(file, 0o755);
  return `${folder}:${process.env["PATH"]}`;
}

const calls = () => readFileSync(path.join(folder, "calls"), "utf8").trimEnd().split("\n");

const run = {
  id: "0123abcd",
  name: "nango-local-migrate",
  purpose: "database migration",
  timeoutSeconds: 60,
};

describe("a container that runs to its end", () => {
  test("is started and attached to, on the engine that the provider uses", async () => {
    vi.stubEnv("PATH", fakeDocker("echo done"));
    vi.stubEnv("DOCKER_HOST", "unix:///tmp/some.sock");
    await runToEnd(run);
    expect(calls()).toEqual(["--host unix:///tmp/some.sock start --attach 0123abcd"]);
  });

  test("that fails is told with its exit code and its last 20 lines, whatever stream they came through", async () => {
    vi.stubEnv(
      "PATH",
      fakeDocker('i=0; while [ $i -lt 30 ]; do echo "line $i"; i=$((i+1)); done; echo why >&2; exit 4'),
    );
    const message = await runToEnd(run).then(String, String);
    expect(message).toMatch(/^\w*Error: The database migration failed with exit code 4\. Its last lines:/);
    expect(message).toContain("  why\n");
    expect(message).toContain("docker logs nango-local-migrate");
    expect(message.match(/^ {2}(line \d+|why)$/gm)).toHaveLength(20);
  });

  test("that takes too long is told to stop", async () => {
    vi.stubEnv(
      "PATH",
      fakeDocker(`trap 'echo stopped >>${folder}/calls; exit 143' TERM; while :; do sleep 0.05; done`),
    );
    const message = await runToEnd({ ...run, timeoutSeconds: 0.4 }).then(String, String);
    expect(message).toContain("The database migration did not end within 0.4 s and was stopped.");
    expect(calls().at(-1)).toBe("stopped");
  });

  test("that Docker's clean-up has removed is not run, and the message names the way to have it again", async () => {
    vi.stubEnv(
      "PATH",
      fakeDocker('echo "Error response from daemon: No such container: 0123abcd" >&2; exit 1'),
    );
    await expect(runToEnd(run)).rejects.toThrow(
      /nango-local-migrate .*not on the engine: .*No such container: 0123abcd\n.*npx pulumi up --refresh -s \S+$/,
    );
  });

  test.each([
    'could not translate host name "postgres" to address',
    "nango-migrate: that host name does not exist",
  ])("that cannot find another one (%s) says that it may be stopped", async (line) => {
    vi.stubEnv("PATH", fakeDocker(`echo '${line}'; exit 2`));
    await expect(runToEnd(run)).rejects.toThrow(/that was stopped has no name: npx pulumi up --refresh -s/);
  });

  test("cannot be run without the Docker CLI, and the message says where that is from", async () => {
    vi.stubEnv("PATH", folder);
    await expect(runToEnd(run)).rejects.toThrow(
      /The command `docker` cannot be run .*ENOENT.*Docker Desktop/,
    );
  });
});

describe("a deployment", () => {
  const options = { stack: "local", mode: "update", runHooks: true } as const;

  test("runs the migration, after what prepares it, before there is a server", async () => {
    const PATH = fakeDocker("exit 0");
    const set = { logs: "opensearch", recordsDatabase: "dedicated" };
    const rehearsal = await rehearse({ ...options, set, environment: { PATH } });
    expect(rehearsal.program).toEqual({ exitCode: 0 });
    const names = new Map(rehearsal.resources.map(({ id, inputs }) => [id, inputs["name"]]));
    expect(calls().map((call) => names.get(call.split(" ").at(-1)))).toEqual([
      "nango-local-write-certificates",
      "nango-local-create-records",
      "nango-local-logs-store",
      "nango-local-migrate",
    ]);
  });

  test("fails with the migration, and makes no server", async () => {
    const PATH = fakeDocker("echo nango-migrate: the lock is held; exit 3");
    const failed = await rehearse({ ...options, environment: { PATH } });
    expect(JSON.stringify(failed.findings)).toContain("nango-migrate: the lock is held");
    expect(failed.resources.find(({ name }) => name === "nango-server")?.id).toBeUndefined();
  });

  test("that leaves the server alone runs no migration", async () => {
    const PATH = fakeDocker("exit 0");
    const previous = await rehearse({ ...options, environment: { PATH } });
    const before = calls().length;
    const set = { dockerConnectPort: "13009" };
    const next = await rehearse({ ...options, environment: { PATH }, previous, set });
    expect(next.changes.map(({ name }) => name)).toContain("nango-connect-ui");
    // Its address is a variable of the server's.
    expect(next.changes.map(({ name }) => name)).toContain("nango-server");
    expect(calls().length).toBeGreaterThan(before);
    const same = await rehearse({ ...options, environment: { PATH }, previous: next, set });
    expect(same.changes).toEqual([]);
    expect(calls().length).toBe(before * 2);
  });
});
