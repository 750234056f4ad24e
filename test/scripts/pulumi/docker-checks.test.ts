import { describe, expect, test } from "vitest";
import { lostVolumes, refreshing, takenPorts } from "../../../scripts/pulumi/docker-checks.ts";
import { fakeDocker, foldersOfTheirOwn, listen } from "./docker.ts";
import { resource, state } from "./state.ts";

foldersOfTheirOwn();

const on = { engine: { host: "unix:///engine.sock" }, stack: "local" };

/** Ports that nothing else on the machine is likely to have. */
const config = { "nango:dockerServerPort": 39503, "nango:dockerConnectPort": "39509" };

describe("a port", () => {
  test("that is free is not mentioned", async () => {
    fakeDocker(`*) ;;`);
    expect(await takenPorts(on, "nango", config)).toEqual([]);
  });

  test("that another container has is named with it, and with another port", async () => {
    fakeDocker(`*"--filter publish=39503 "*) echo nango-other-server ;;`);
    expect(await takenPorts(on, "nango", config)).toEqual([
      "Port 39503 (nango:dockerServerPort) is taken by the container nango-other-server: stop that, or choose another in stacks/Pulumi.local.yaml: `nango:dockerServerPort: 13003`, or: npx pulumi config set -s local nango:dockerServerPort 13003",
    ]);
  });

  test("that a program has is said, but not of an engine on another machine", async () => {
    fakeDocker(`*) ;;`);
    await listen(39509);
    expect(await takenPorts(on, "nango", config)).toEqual([
      expect.stringContaining(
        "Port 39509 (nango:dockerConnectPort) is taken by another program on this machine",
      ),
    ]);
    expect(await takenPorts({ ...on, engine: { host: "ssh://server" } }, "nango", config)).toEqual([]);
  });

  test("that the stack's own container has is not taken", async () => {
    fakeDocker(`*"--filter publish=39503 "*) echo nango-local-server ;;`);
    await listen(39503);
    expect(await takenPorts(on, "nango", config)).toEqual([]);
  });
});

describe("a volume with data", () => {
  const volume = (name: string) =>
    resource("docker:index/volume:Volume", name, { outputs: { name: `${name}-1234567` } });

  test("that is not on the engine is found, one that can be filled again is not looked for", async () => {
    fakeDocker(`
  *"inspect nango-postgres-data-1234567") echo "Error: No such volume: nango-postgres-data-1234567" >&2; exit 1 ;;
  *"inspect nango-opensearch-data-1234567") echo "[]" ;;
  *) echo "Error: No such volume" >&2; exit 1 ;;`);
    const made = ["nango-postgres-data", "nango-opensearch-data", "nango-certificates"].map(volume);
    expect(await lostVolumes(on, state(made))).toEqual(["nango-postgres-data-1234567"]);
  });

  test("is not lost because the engine does not answer", async () => {
    fakeDocker(`*) echo "Cannot connect" >&2; exit 1 ;;`);
    expect(await lostVolumes(on, state([volume("nango-postgres-data")]))).toEqual([]);
  });
});

test.each<[string[], boolean]>([
  [["--yes"], true],
  [["--yes", "--refresh"], false],
  [["--refresh=false"], false],
  [["-r"], false],
  [["-yr"], false],
  [["--target", "urn", "-m", "text"], true],
])("a deployment with %j is made to look at the engine: %s", (flags, isAdded) => {
  expect(refreshing(flags)).toEqual(isAdded ? [...flags, "--refresh"] : flags);
});
