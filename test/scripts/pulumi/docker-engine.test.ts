import { describe, expect, test, vi } from "vitest";
import { findEngine, knownHosts } from "../../../scripts/pulumi/docker-engine.ts";
import { fakeDocker, folder, foldersOfTheirOwn, listen, socket } from "./docker.ts";

foldersOfTheirOwn();

const version = (api: string) => `{"Version":"20.10.24","ApiVersion":"${api}"}`;

/** An engine at every address; the current context is the one that the Docker CLI brings. */
const everywhere = `
  "context inspect colima "*) echo "colima unix:///colima.sock" ;;
  "context inspect nowhere "*) echo 'context "nowhere": not found' >&2; exit 1 ;;
  "context inspect"*) echo "default unix:///var/run/docker.sock" ;;
  *) echo '${version("1.41")}' ;;`;

describe("the engine is found", () => {
  test.each<[string, Record<string, unknown>, Record<string, string>, string]>([
    ["docker:context", { "docker:context": "colima" }, { DOCKER_HOST: "unix:///x" }, "unix:///colima.sock"],
    ["docker:host", { "docker:host": "unix:///y" }, { DOCKER_HOST: "unix:///x" }, "unix:///y"],
    ["DOCKER_HOST", {}, { DOCKER_HOST: "unix:///x", DOCKER_CONTEXT: "colima" }, "unix:///x"],
    ["DOCKER_CONTEXT", {}, { DOCKER_CONTEXT: "colima", DOCKER_HOST: "" }, "unix:///colima.sock"],
  ])("by %s", async (_, config, environment, host) => {
    fakeDocker(everywhere);
    expect(await findEngine(config, environment, [])).toEqual({ host });
  });

  test("by the current context", async () => {
    fakeDocker(everywhere.replace("default unix:///var/run", "desktop-linux unix:///home/me"));
    expect(await findEngine({}, {}, [])).toEqual({ host: "unix:///home/me/docker.sock" });
  });

  test("where one listens, when nothing names it", async () => {
    fakeDocker(everywhere);
    await listen("second");
    await listen("third");
    const hosts = ["first", "second", "third"].map(socket);
    expect(await findEngine({}, {}, hosts)).toEqual({ host: socket("second") });
  });
});

describe("before the CLI is started it is said", () => {
  test("that no engine answers, where it was looked for, and what to do", async () => {
    fakeDocker(`
  "context inspect"*) echo "default unix:///var/run/docker.sock" ;;
  *) echo "Cannot connect to the Docker daemon" >&2; exit 1 ;;`);
    await expect(findEngine({}, {}, [socket("one"), socket("two")])).rejects.toThrow(
      `No Docker engine answers at ${socket("one")} (nor at ${socket("two")}): start Docker, or set DOCKER_HOST. Cannot connect`,
    );
    await expect(findEngine({}, { DOCKER_HOST: "tcp://x:1" }, [])).rejects.toThrow(
      "No Docker engine answers at tcp://x:1 (DOCKER_HOST): start Docker",
    );
  });

  test("that the command docker is missing", async () => {
    vi.stubEnv("PATH", folder);
    await expect(findEngine({}, { DOCKER_HOST: "tcp://x:1" }, [])).rejects.toThrow(
      /^The command docker is missing \(.*ENOENT\).*Docker Desktop/,
    );
  });

  test("that a context is not there", async () => {
    fakeDocker(everywhere);
    await expect(findEngine({ "docker:context": "nowhere" }, {}, [])).rejects.toThrow(
      /context nowhere cannot be read: .*not found.*docker context ls/,
    );
  });

  test.each([
    ["1.40", false],
    ["1.41", true],
    ["1.100", true],
  ])("that an engine with API %s is too old: %s", async (api, isEnough) => {
    fakeDocker(everywhere.replace(version("1.41"), version(api)));
    const found = findEngine({ "docker:host": "unix:///x" }, {}, []);
    if (isEnough) await expect(found).resolves.toEqual({ host: "unix:///x" });
    else await expect(found).rejects.toThrow(/unix:\/\/\/x \(docker:host\) is version .*20\.10 or newer/);
  });
});

test("the places where engines listen begin with those of Pulumi's plugin", () => {
  const environment = { XDG_RUNTIME_DIR: "/run/user/7" };
  expect(knownHosts(environment, "darwin", "/Users/me")).toEqual([
    "unix:///var/run/docker.sock",
    "unix:///Users/me/.docker/run/docker.sock",
    "unix:///Users/me/.docker/desktop/docker.sock",
    "unix:///Users/me/.colima/default/docker.sock",
    "unix:///Users/me/.config/colima/default/docker.sock",
    "unix:///Users/me/.orbstack/run/docker.sock",
    "unix:///Users/me/.rd/docker.sock",
    "unix:///run/user/7/docker.sock",
  ]);
  expect(knownHosts({}, "win32", "")).toHaveLength(1);
});
