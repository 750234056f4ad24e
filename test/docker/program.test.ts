import { describe, expect, test } from "vitest";
import type { Rehearsal } from "../../rehearsal/rehearse.ts";
import { rehearse } from "../rehearse.ts";
import { containersOf, deployed, environmentOf, topologies, topologyNames } from "./topologies.ts";

const oneOffs = ["write-certificates", "create-records", "redis", "logs-store", "migrate"];

describe.each(topologyNames)("the stack %s", (topology) => {
  test("is previewed and deployed without a finding or an unexpected warning", async () => {
    for (const mode of ["preview", "update"] as const) {
      const { program, findings, messages, policies } = await deployed(topology, mode);
      expect(program).toEqual({ exitCode: 0 });
      expect(findings).toEqual([]);
      expect(policies.violations).toEqual([]);
      const warnings = messages.filter(({ severity }) => severity !== "info").map(({ text }) => text);
      // A new installation has nobody who could sign in: that is said wherever it runs.
      const expected = topology === "accounts" ? [expect.stringContaining("with sign-up closed")] : [];
      expect(warnings).toEqual(expected);
    }
  });

  test("needs no provider but those of Docker and of random values", async () => {
    const { resources, invokes } = await deployed(topology);
    const packages = new Set(resources.filter(({ custom }) => custom).map(({ type }) => type.split(":")[0]));
    expect([...packages].toSorted()).toEqual(
      ["docker", "pulumi", "random"].filter((name) => packages.has(name)),
    );
    expect(invokes).toEqual([]);
  });

  test("publishes the server and Connect UI, on 127.0.0.1 only", async () => {
    const containers = containersOf(await deployed(topology));
    const published = Object.entries(containers).flatMap(([name, { inputs }]) =>
      (inputs.ports ?? []).map(({ ip, internal }) => `${name} ${ip} ${internal}`),
    );
    expect(published.toSorted()).toEqual(["connect-ui 127.0.0.1 3009", "server 127.0.0.1 3003"]);
  });

  test("gives no container more than it needs", async () => {
    const containers = containersOf(await deployed(topology));
    for (const [name, { inputs }] of Object.entries(containers)) {
      expect(inputs.capabilities, name).toEqual({ drops: ["ALL"] });
      expect(inputs.securityOpts, name).toEqual(["no-new-privileges:true"]);
      expect(inputs.memorySwap, name).toBe(inputs.memory);
      expect(inputs.destroyGraceSeconds, name).toBe(inputs.stopTimeout);
      // OpenSearch writes its security settings beside those that its image came with.
      expect(inputs.readOnly, name).toBe(name !== "opensearch");
      // An empty volume belongs to root.
      expect(/^(0|root)\b/.test(inputs.user), name).toBe(name === "write-certificates");
    }
  });

  test("keeps services running and waits until they are well", async () => {
    const containers = containersOf(await deployed(topology));
    for (const [name, { inputs, replaceOnChanges }] of Object.entries(containers)) {
      if (oneOffs.includes(name)) continue;
      expect(inputs, name).toMatchObject({ restart: "unless-stopped", wait: true });
      expect(inputs.healthcheck, name).toBeDefined();
      expect(replaceOnChanges, name).toEqual(["#initerror", "healthcheck", "tmpfs", "shmSize"]);
    }
  });

  test("writes durations as the engine reports them, or every deployment would change them", async () => {
    for (const { inputs } of Object.values(containersOf(await deployed(topology)))) {
      const { interval, timeout, startPeriod } = inputs.healthcheck ?? {};
      for (const text of [interval, timeout, startPeriod])
        expect(text ?? "0s").toMatch(/^((\d+h)?[1-5]?\dm)?[1-5]?\ds$/);
    }
  });

  test("runs Nango on the only platform it has, without minding that the engine forgets which", async () => {
    const rehearsal = await deployed(topology);
    const nango = rehearsal.resources.find(
      ({ type, name }) => type === "docker:index/remoteImage:RemoteImage" && name === "nango-image",
    );
    expect(nango?.inputs["platform"]).toBe("linux/amd64");
    for (const { inputs, ignoreChanges } of Object.values(containersOf(rehearsal))) {
      expect(inputs.platform).toBe(inputs.image === nango?.outputs["imageId"] ? "linux/amd64" : undefined);
      expect(ignoreChanges).toContain("platform");
    }
  });

  test("starts what runs before the server by a hook of the server, and nothing else", async () => {
    const containers = containersOf(await deployed(topology));
    const server = containers["server"]!;
    expect(server.hooks).toEqual({ beforeCreate: ["nango-before-server"] });
    for (const name of oneOffs.filter((candidate) => candidate in containers)) {
      const oneOff = containers[name]!;
      expect(oneOff.inputs, name).toMatchObject({ start: false, mustRun: false });
      expect(oneOff.inputs.restart, name).toBeUndefined();
      expect(server.dependencies, name).toContain(oneOff.urn);
    }
    expect(containers["migrate"]).toBeDefined();
    for (const name of ["postgres", "valkey", "opensearch"].filter((candidate) => candidate in containers))
      expect(server.dependencies).toContain(containers[name]!.urn);
  });

  test("is not changed by a second deployment", async () => {
    const previous = await deployed(topology);
    const again = await rehearse({ ...topologies[topology], mode: "update", previous });
    expect(again.changes).toEqual([]);
  });

  test("registers each component's outputs and names each child after its parent", async () => {
    const { resources } = await deployed(topology);
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const resource of resources) {
      const parent = byUrn.get(resource.parent ?? "");
      if (parent?.type.startsWith("nango:"))
        expect(resource.name).toMatch(new RegExp(`^${parent.name}(-|$)`));
    }
  });
});

test("Postgres takes no TLS older than 1.2", async () => {
  const { postgres } = containersOf(await deployed("local"));
  expect(postgres!.inputs.command).toContain("ssl_min_protocol_version=TLSv1.2");
});

test("Postgres lets nobody in without TLS and a password, by the rules that its start script writes", async () => {
  const { postgres } = containersOf(await deployed("local"));
  const { TLS_FOLDER: folder } = environmentOf(postgres!);
  expect(postgres!.inputs.command).toContain(`hba_file=${folder}/pg_hba.conf`);
});

test("what keeps data has a minute to write it when it is stopped or replaced", async () => {
  const { postgres, opensearch } = containersOf(await deployed("everything"));
  for (const container of [postgres, opensearch])
    expect(container?.inputs).toMatchObject({ stopTimeout: 60, destroyGraceSeconds: 60 });
});

// https://valkey.io/topics/lru-cache/: a lock that has no end is none any more once it is evicted.
test("Valkey lets in whoever has the token, and evicts nothing that has no end", async () => {
  const { valkey } = containersOf(await deployed("everything"));
  const [script = ""] = valkey!.inputs.command ?? [];
  expect(script.split("\n")).toEqual(
    expect.arrayContaining(["requirepass $TOKEN", "maxmemory-policy volatile-lru"]),
  );
  expect(environmentOf(valkey!)["TOKEN"]).toMatch(/^\w{64}$/);
});

test("data, and what cannot be read without it, is protected unless its loss is allowed", async () => {
  const { resources } = await deployed("everything");
  const kept = resources.filter(({ protect }) => protect).map(({ name }) => name);
  expect(kept.toSorted()).toEqual([
    "nango-admin-key",
    "nango-api-key-dev",
    "nango-api-key-prod",
    "nango-dashboard-password",
    "nango-encryption-key",
    "nango-opensearch-data",
    "nango-opensearch-password",
    "nango-postgres-data",
  ]);
  const lost = await rehearse({
    ...topologies.everything,
    set: { ...topologies.everything.set, allowDataLoss: "true" },
    mode: "update",
  });
  expect(lost.resources.filter(({ protect }) => protect)).toEqual([]);
});

test("what the shipped stack is made of keeps its names", async () => {
  const { resources } = await deployed("everything");
  expect(resources.map(({ type, name }) => `${type} ${name}`).toSorted()).toMatchSnapshot();
});

test("containers are named after the stack, so that two stacks can share an engine", async () => {
  const { resources } = await deployed("everything");
  for (const { inputs } of Object.values(containersOf(await deployed("everything"))))
    expect(inputs.name).toBe(`nango-local-${inputs.networksAdvanced[0]!.aliases[0]}`);
  // The engine takes a volume that is there for the one that is wanted: Pulumi's own names are new every time.
  for (const { type, inputs } of resources)
    if (/:(Volume|Network)$/.test(type))
      expect(String(inputs["name"] ?? "nango-0123456")).toMatch(/-[0-9a-f]{7}$/);
});

test("configured ports are published, and Nango and its users are told them", async () => {
  const rehearsal = await deployed("everything");
  const { server, "connect-ui": connectUi } = containersOf(rehearsal);
  expect(server!.inputs.ports).toMatchObject([{ external: 13003, internal: 3003 }]);
  expect(connectUi!.inputs.ports).toMatchObject([{ external: 13009, internal: 3009 }]);
  expect(environmentOf(server!)).toMatchObject({
    NANGO_SERVER_URL: "http://localhost:13003",
    NANGO_PUBLIC_CONNECT_URL: "http://localhost:13009",
    SERVER_PORT: "3003",
  });
  expect(rehearsal.outputs).toMatchObject({
    url: "http://localhost:13003",
    callbackUrl: "http://localhost:13003/oauth/callback",
    connectUrl: "http://localhost:13009",
  });
});

test("the laptop has a name for what uses something on it, and only then", async () => {
  const known = [{ host: "host.docker.internal", ip: "host-gateway" }];
  const hosts = (rehearsal: Rehearsal) =>
    Object.fromEntries(
      Object.entries(containersOf(rehearsal)).map(([name, { inputs }]) => [name, inputs.hosts]),
    );
  expect(new Set(Object.values(hosts(await deployed("local"))))).toEqual(new Set([undefined]));
  const everything = hosts(await deployed("everything"));
  expect(everything).toMatchObject({ server: known, migrate: known, redis: known, "logs-store": known });
  expect(everything["postgres"]).toBeUndefined();
  const databaseUrl = "postgresql://nango:s%40cret@host.docker.internal:5432/nango";
  const ownDatabase = hosts(await rehearse({ stack: "local", mode: "preview", secrets: { databaseUrl } }));
  expect(ownDatabase).toMatchObject({ server: known, migrate: known });
});

test("containers read the certificates from a volume that only one of them writes to", async () => {
  const containers = containersOf(await deployed("everything"));
  const volumes = Object.fromEntries(
    Object.entries(containers).flatMap(([name, { inputs }]) =>
      (inputs.volumes ?? [])
        .filter(({ containerPath }) => containerPath === "/certificates")
        .map(({ readOnly }) => [name, readOnly]),
    ),
  );
  expect(volumes).toEqual({
    server: true,
    migrate: true,
    redis: true,
    "logs-store": true,
    "write-certificates": false,
  });
  const { CERTIFICATES_PEM } = environmentOf(containers["write-certificates"]!);
  expect(CERTIFICATES_PEM).toBe(environmentOf(containers["postgres"]!)["AUTHORITY"]);
});

test("another certificate makes another server, which reads it when it starts", async () => {
  const previous = await deployed("local");
  const { authority } = await (
    await import("../../infra/docker/certificates.ts")
  ).makeCertificates("elsewhere");
  const { changes } = await rehearse({
    stack: "local",
    mode: "update",
    previous,
    set: { trustedCaPem: authority },
  });
  expect(changes.map(({ kind, name, keys }) => `${kind} ${name} ${keys.join()}`).toSorted()).toEqual([
    "replace nango-server labels",
    "replace nango-write-certificates envs",
  ]);
});
