import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { choose } from "../../../infra/config/choices.ts";
import { taskDefinitionBytes } from "../../../infra/config/checks/task-definition.ts";
import type { SettingValues } from "../../../infra/config/values.ts";
import { defaultText, type Setting } from "../../../infra/config/settings/setting.ts";
import { settings } from "../../../infra/config/settings.ts";
import { defaultImage } from "../../../infra/nango/image.ts";
import { variableProblem, variableType } from "../../../infra/nango/variables.ts";
import { containersOf, environmentOf, ofType, the } from "../find.ts";
import type { RehearseOptions } from "../../../rehearsal/rehearse.ts";
import { configOf, deployed, topologies, type Topology, topologyNames } from "../topologies.ts";

/** What the configuration reckons that the task definition of a topology takes. */
function reckoned(topology: Topology) {
  const { stack, set = {}, secrets = {} }: RehearseOptions = topologies[topology];
  const file = parse(readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8")) as {
    config: Record<string, unknown>;
  };
  const ofStack = Object.entries(file.config)
    .filter(([key]) => key.startsWith("nango:"))
    .map(([key, value]) => [key.slice("nango:".length), String(value)]);
  const texts: Record<string, string> = { ...Object.fromEntries(ofStack), ...set, ...secrets };
  const values = Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      setting.schema.parse(texts[name] ?? defaultText(setting as Setting<unknown>)),
    ]),
  ) as SettingValues;
  const secretKeys = new Set(Object.keys(secrets));
  const given = { stack: "dev", region: "eu-central-1", values: texts, secretKeys };
  return taskDefinitionBytes(choose(values, given), given);
}

describe.each(topologyNames)("the containers of the stack %s", (topology) => {
  test("run unprivileged, read-only, on an image that cannot change", async () => {
    const rehearsal = await deployed(topology);
    for (const taskDefinition of ["nango", "nango-migrate"]) {
      for (const container of Object.values(containersOf(rehearsal, taskDefinition))) {
        expect(container.image).toBe(defaultImage);
        expect(container.logConfiguration.logDriver).toBe("awslogs");
        // A shell needs a file system that it can write to.
        if (configOf(topology).service.executeCommand && container.name === "server") continue;
        expect(container.readonlyRootFilesystem, container.name).toBe(true);
        expect(container.linuxParameters.capabilities).toEqual({ drop: ["ALL"] });
        expect(container.user).toBe(container.name === "write-certificates" ? "0" : "65534:65534");
      }
    }
  });

  test("are given every secret by reference to one version, and nothing empty", async () => {
    const rehearsal = await deployed(topology);
    const secret = the(rehearsal, "secretsmanager/secret:Secret").outputs["arn"] as string;
    const version = the(rehearsal, "secretVersion:SecretVersion");
    const stored = JSON.parse(version.inputs["secretString"] as string) as Record<string, string>;
    for (const [taskDefinition, name] of [
      ["nango", "server"],
      ["nango-migrate", "migrate"],
    ] as const) {
      const container = containersOf(rehearsal, taskDefinition)[name]!;
      expect(
        Object.fromEntries(container.secrets.map((variable) => [variable.name, variable.valueFrom])),
      ).toEqual(
        Object.fromEntries(
          Object.keys(stored).map((key) => [
            key,
            `${secret}:${key}::${String(version.outputs["versionId"])}`,
          ]),
        ),
      );
      const plain = environmentOf(container);
      expect(Object.keys(plain).filter((key) => key in stored)).toEqual([]);
      const own = ["MIGRATION_SECONDS", "CLEAR_MIGRATION_LOCK"];
      const problems = Object.entries({ ...plain, ...stored })
        .filter(([key]) => !own.includes(key))
        .map(([key, value]) => [
          key,
          variableType(key) === undefined ? "is unknown to Nango" : variableProblem(key, value),
        ])
        .filter(([, problem]) => problem !== undefined);
      expect(problems).toEqual([]);
    }
  });

  test("wait for the certificates and find them where node looks for them", async () => {
    const rehearsal = await deployed(topology);
    const { server, "write-certificates": writer } = containersOf(rehearsal, "nango");
    const file = environmentOf(server!)["NODE_EXTRA_CA_CERTS"];
    expect(file).toBe(writer === undefined ? undefined : "/certificates/databases.pem");
    if (writer === undefined) return;
    expect(environmentOf(writer)).toEqual({
      CERTIFICATES_PEM: expect.stringContaining("-----BEGIN CERTIFICATE-----"),
      CERTIFICATES_FILE: file,
    });
    expect(server!.dependsOn).toEqual([{ containerName: "write-certificates", condition: "SUCCESS" }]);
    expect(server!.mountPoints).toEqual([
      { sourceVolume: "certificates", containerPath: "/certificates", readOnly: true },
    ]);
    expect(writer.mountPoints).toEqual([
      { sourceVolume: "certificates", containerPath: "/certificates", readOnly: false },
    ]);
  });

  test("take no more of a task definition than the configuration reckons with, and not much less", async () => {
    const rehearsal = await deployed(topology);
    const { environment, trustedCaPem, rest } = reckoned(topology);
    const sizes = ofType(rehearsal, "ecs/taskDefinition:TaskDefinition").map(({ inputs }) => {
      expect(inputs).toMatchObject({ runtimePlatform: { cpuArchitecture: "X86_64" }, skipDestroy: true });
      const json = inputs["containerDefinitions"] as string;
      return Buffer.byteLength(json) + 5 * (json.match(/[<>&]/g)?.length ?? 0);
    });
    const estimate = environment + trustedCaPem + rest;
    expect(Math.max(...sizes)).toBeLessThan(estimate);
    expect(Math.max(...sizes)).toBeGreaterThan(estimate - 7000);
  });

  test("of the steps before a migration know no more than they read", async () => {
    const containers = containersOf(await deployed(topology), "nango-migrate");
    const known = (name: string) =>
      [...Object.keys(environmentOf(containers[name]!)), ...containers[name]!.secrets.map((one) => one.name)]
        .filter((variable) => variable !== "NODE_EXTRA_CA_CERTS")
        .toSorted();
    if (containers["redis"] !== undefined) expect(known("redis")).toEqual(["NANGO_REDIS_URL"]);
    if (containers["logs-store"] !== undefined)
      expect(known("logs-store")).toEqual([
        "NANGO_LOGS_ENABLED",
        "NANGO_LOGS_ES_PREFIX",
        "NANGO_LOGS_ES_PWD",
        "NANGO_LOGS_ES_RETENTION_DAYS",
        "NANGO_LOGS_ES_URL",
        "NANGO_LOGS_ES_USER",
        "NANGO_LOGS_PROVIDER",
      ]);
    expect(known("migrate")).toEqual(expect.arrayContaining(["NANGO_DATABASE_URL", "NANGO_LOGS_ENABLED"]));
  });
});

test("no task has the role that reads the secret, and a tunnel has one of its own", async () => {
  const rehearsal = await deployed("dev");
  const role = (name: string) => the(rehearsal, "iam/role:Role", name).outputs["arn"];
  const definitions = ofType(rehearsal, "ecs/taskDefinition:TaskDefinition");
  expect(definitions).toHaveLength(3);
  for (const { name, inputs } of definitions) {
    expect(inputs["executionRoleArn"]).toBe(role("nango-execution"));
    expect(inputs["taskRoleArn"], name).toBe(role(name === "nango-tunnel" ? "nango-tunnel" : "nango-task"));
  }
});

test("a tunnel that somebody forgets ends by itself, after a working day", async () => {
  const { tunnel } = containersOf(await deployed("dev"), "nango-tunnel");
  expect(tunnel).toMatchObject({ command: ["sleep", "28800"], secrets: [], environment: [] });
});

test("the server is node itself, checked by node, and given time to stop", async () => {
  const { server, "connect-ui": connectUi } = containersOf(await deployed("dev"), "nango");
  expect(server).toMatchObject({
    // Six tenths of the task's 1024 MiB.
    command: ["node", "--max-old-space-size=614", "packages/server/dist/server.js"],
    portMappings: [{ containerPort: 3003 }],
    healthCheck: {
      command: ["CMD", "node", "-e", expect.stringContaining("http://127.0.0.1:3003/health")],
      startPeriod: 180,
    },
    stopTimeout: 120,
    essential: true,
  });
  const { migrate } = containersOf(await deployed("dev"), "nango-migrate");
  expect(migrate).toMatchObject({ stopTimeout: 120, essential: true });
  expect(connectUi).toMatchObject({ portMappings: [{ containerPort: 3009 }], essential: true, secrets: [] });
  expect(connectUi!.healthCheck!.command[3]).toContain("http://127.0.0.1:3009/");
});

test("the certificates are those of the region's RDS, and none for a database with a public certificate", async () => {
  const { "write-certificates": writer } = containersOf(await deployed("dev"), "nango");
  expect(environmentOf(writer!)["CERTIFICATES_PEM"]!.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
  expect(Object.keys(containersOf(await deployed("existing databases"), "nango"))).toEqual([
    "server",
    "connect-ui",
  ]);
});

test("the database URL of each topology is verified and points at its own database", async () => {
  const stored = async (topology: (typeof topologyNames)[number]) => {
    const version = the(await deployed(topology), "secretVersion:SecretVersion");
    return JSON.parse(version.inputs["secretString"] as string) as Record<string, string>;
  };
  const dev = await stored("dev");
  expect(new URL(dev["NANGO_DATABASE_URL"]!)).toMatchObject({
    protocol: "postgresql:",
    hostname: expect.stringMatching(/^nango-database-[0-9a-f]{8}\..*\.rds\.amazonaws\.com$/),
    search: "?sslmode=verify-full",
  });
  expect(dev).not.toHaveProperty("RECORDS_DATABASE_URL");
  expect(dev["NANGO_SECRET_KEY_PROD"]).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  const dedicated = await stored("search and records");
  expect(new URL(dedicated["RECORDS_DATABASE_URL"]!).hostname).toMatch(/^nango-records-/);
  expect(new URL(dedicated["NANGO_REDIS_URL"]!)).toMatchObject({
    protocol: "rediss:",
    username: "",
    port: "6379",
  });
  const existing = await stored("existing databases");
  expect(existing["NANGO_DATABASE_URL"]).toBe(
    "postgresql://nango:s%40cret-one@db.example.com:5432/nango?sslmode=verify-full",
  );
  expect(existing["RECORDS_DATABASE_URL"]).toBe(
    "postgresql://nango:s%40cret-two@records.example.com:5432/nango?sslmode=verify-full",
  );
  expect(await stored("accounts")).not.toHaveProperty("NANGO_DASHBOARD_PASSWORD");
  expect(await stored("accounts")).not.toHaveProperty("NANGO_SECRET_KEY_PROD");
});

test("what Nango would hang at is proved before it is migrated, with the server's own credentials", async () => {
  const containers = containersOf(await deployed("search and records"), "nango-migrate");
  const steps = ["write-certificates", "redis", "logs-store"];
  expect(Object.keys(containers)).toEqual([...steps, "migrate"]);
  expect(containers["migrate"]!.dependsOn).toEqual(
    steps.map((containerName) => ({ containerName, condition: "SUCCESS" })),
  );
  for (const step of steps) expect(containers[step]!.essential).toBe(false);
  expect(environmentOf(containers["logs-store"]!)).toMatchObject({
    NANGO_LOGS_PROVIDER: "opensearch",
    NANGO_LOGS_ES_URL: expect.stringMatching(/^https:\/\/vpc-nango-search-dev-/),
    NANGO_LOGS_ES_USER: "nango",
  });
  expect(containers["redis"]!.secrets.map(({ name }) => name)).toContain("NANGO_REDIS_URL");
  expect(Object.keys(containersOf(await deployed("dev"), "nango-migrate"))).toEqual([
    "write-certificates",
    "migrate",
  ]);
});
