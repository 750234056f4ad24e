import { describe, expect, test } from "vitest";
import { rotatable, type Rotatable } from "../infra/config/settings/secrets.ts";
import type { Rehearsal } from "../rehearsal/rehearse.ts";
import { deployed as deployedOnAws, topologies as onAws } from "./aws/topologies.ts";
import { deployed as deployedOnDocker, topologies as onDocker } from "./docker/topologies.ts";
import { rehearse } from "./rehearse.ts";
import { leaks } from "./secrecy.ts";

const generators = {
  aws: {
    database: ["nango-database-password"],
    records: ["nango-records-password"],
    dashboard: ["nango-dashboard-password"],
    admin: ["nango-admin-key"],
    "api-keys": ["nango-api-key-dev", "nango-api-key-prod"],
    redis: ["nango-cache-token"],
    search: ["nango-search-password"],
  },
  docker: {
    database: ["nango-postgres-password"],
    records: [],
    dashboard: ["nango-dashboard-password"],
    admin: ["nango-admin-key"],
    "api-keys": ["nango-api-key-dev", "nango-api-key-prod"],
    redis: ["nango-valkey-token"],
    search: [],
  },
} as const satisfies Record<"aws" | "docker", Record<Rotatable, readonly string[]>>;

/** Another number for each secret that is generated there. */
const numbers = (target: keyof typeof generators) =>
  Object.fromEntries(
    rotatable.flatMap((name, index) => (generators[target][name].length === 0 ? [] : [[name, index + 1]])),
  );

const rotate = (target: keyof typeof generators) => JSON.stringify(numbers(target));
const short = (type: string) => type.replace(/^.*:/, "");

/** The generation of each generated password that has one, by name. */
function generations({ resources }: Rehearsal) {
  return Object.fromEntries(
    resources.flatMap(({ type, name, inputs }) =>
      short(type) === "RandomPassword" && "keepers" in inputs ? [[name, inputs["keepers"]]] : [],
    ),
  );
}

function expectedGenerations(target: keyof typeof generators) {
  return Object.fromEntries(
    Object.entries(numbers(target)).flatMap(([secret, number]) =>
      generators[target][secret as Rotatable].map((name) => [name, { generation: String(number) }]),
    ),
  );
}

const changesOf = ({ changes }: Rehearsal, kind: string, only: (type: string) => boolean = () => true) =>
  changes
    .filter((change) => change.kind === kind && only(short(change.type)))
    .map(({ type, name }) => `${short(type)} ${name}`)
    .toSorted();

describe("on AWS", () => {
  const stack = onAws["search and records"];
  const withNumbers = async (more: Readonly<Record<string, string>>) =>
    rehearse({
      ...stack,
      set: { ...stack.set, rotate: rotate("aws"), ...more },
      mode: "update",
      previous: await deployedOnAws("search and records"),
    });
  let rotated: Promise<Rehearsal> | undefined;
  const rehearsed = () => (rotated ??= withNumbers({}));

  test("another number makes each secret anew, and gives it to whoever uses it", async () => {
    const next = await rehearsed();
    expect(next.program.message).toBeUndefined();
    expect(next.findings).toEqual([]);
    expect(generations(next)).toEqual(expectedGenerations("aws"));
    expect(changesOf(next, "replace")).toEqual(
      [
        ...Object.values(generators.aws).flatMap((names) => names.map((name) => `RandomPassword ${name}`)),
        // A version of the secret of its own, and with it revisions that read it.
        "SecretVersion nango",
        "TaskDefinition nango",
        "TaskDefinition nango-migrate",
      ].toSorted(),
    );
    expect(changesOf(next, "update")).toEqual([
      "Domain nango-search",
      "Instance nango-database",
      "Instance nango-records",
      "ReplicationGroup nango-cache",
      "Service nango",
    ]);
    expect(leaks(next, {})).toEqual([]);

    const again = await rehearse({
      ...stack,
      set: { ...stack.set, rotate: rotate("aws") },
      mode: "update",
      previous: next,
    });
    expect(again.changes).toEqual([]);
  });

  test("the encryption key has no number, and stays protected", async () => {
    const key = (await rehearsed()).resources.find(({ name }) => name === "nango-encryption-key");
    expect(key).toMatchObject({ protect: true, retainOnDelete: true });
  });

  test("ElastiCache is told to accept one token alone, unless the old one is wanted or the first one is the only one", async () => {
    const strategy = ({ resources }: Rehearsal) =>
      resources.find(({ type }) => short(type) === "ReplicationGroup")?.inputs["authTokenUpdateStrategy"];
    expect(strategy(await deployedOnAws("search and records"))).toBe("ROTATE");
    expect(strategy(await withNumbers({ acceptOldRedisToken: "true" }))).toBe("ROTATE");
    expect(strategy(await rehearsed())).toBe("SET");
  });
});

test("on Docker another number makes each secret anew, and starts anew whoever uses it", async () => {
  const stack = onDocker.everything;
  const next = await rehearse({
    ...stack,
    set: { ...stack.set, rotate: rotate("docker") },
    mode: "update",
    previous: await deployedOnDocker("everything"),
  });
  expect(next.program.message).toBeUndefined();
  expect(generations(next)).toEqual(expectedGenerations("docker"));
  const containers = changesOf(next, "replace", (type) => type === "Container");
  expect(containers).toEqual(
    expect.arrayContaining(["Container nango-postgres", "Container nango-valkey", "Container nango-server"]),
  );
  expect(containers).not.toContain("Container nango-opensearch");
  expect(changesOf(next, "delete")).toEqual([]);
  expect(leaks(next, {})).toEqual([]);
});
