import { describe, expect, test } from "vitest";
import type { Rehearsal, RehearseOptions } from "../../../rehearsal/rehearse.ts";
import { rehearse } from "../../rehearse.ts";
import { replacedOrDeleted } from "../find.ts";
import { deployed, topologies } from "../topologies.ts";

/** What a second deployment with other settings would do to the first one. */
async function change(
  set: Record<string, string>,
  options: Partial<RehearseOptions> = {},
): Promise<Rehearsal> {
  const previous = await deployed("dev");
  return rehearse({ stack: "dev", mode: "preview", runHooks: true, previous, set, ...options });
}

describe("a second deployment", () => {
  test("changes nothing when nothing changed", async () => {
    const rehearsal = await change({});
    expect(rehearsal.changes.filter(({ kind }) => kind !== "same")).toEqual([]);
    expect(rehearsal.findings).toEqual([]);
  });

  test.each([
    ["another encryption key", {}, { encryptionKey: Buffer.alloc(32, 9).toString("base64") }],
    ["another range of the VPC", { vpcCidr: "10.9.0.0/16" }, {}],
    [
      "an existing VPC",
      {
        vpcId: "vpc-0123456789abcdef0",
        publicSubnetIds: '["subnet-0123456789abcdef0","subnet-0123456789abcdef1"]',
        databaseSubnetIds: '["subnet-0123456789abcdef4","subnet-0123456789abcdef5"]',
      },
      {},
    ],
    ["an existing database", {}, { databaseUrl: "postgresql://nango:secret@db.example.com:5432/nango" }],
  ])("is refused with %s", async (_, set, secrets) => {
    const rehearsal = await change(set, { secrets });
    const said = JSON.stringify([rehearsal.findings, rehearsal.program, rehearsal.hookRuns]);
    expect(said).toMatch(/protect|encryption key of this stack would change/);
  });

  test("says why another encryption key is refused, and accepts it when the stack insists", async () => {
    const previous = await deployed("everything given");
    const options: RehearseOptions = {
      stack: "dev",
      mode: "preview",
      runHooks: true,
      previous,
    };
    const { set, secrets } = topologies["everything given"];
    const otherKey = { ...secrets, encryptionKey: Buffer.alloc(32, 9).toString("base64") };
    const refused = await rehearse({ ...options, set, secrets: otherKey });
    expect(JSON.stringify(refused)).toContain("nango:allowEncryptionKeyChange true");
    const same = await rehearse({ ...options, set, secrets });
    expect(same.findings).toEqual([]);
    const forced = await rehearse({
      ...options,
      set: { ...set, allowEncryptionKeyChange: "true" },
      secrets: otherKey,
    });
    expect(forced.findings).toEqual([]);
    expect(forced.program).toEqual({ exitCode: 0 });
  });

  test.each<[string, Record<string, string>, string[]]>([
    ["a larger size", { size: "medium" }, []],
    [
      "a larger database",
      { databaseInstanceClass: "db.m7g.large", databaseStorageGb: "100", databaseMultiAz: "true" },
      [],
    ],
    ["a newer Postgres", { databaseVersion: "17" }, ["delete ParameterGroup nango-database-postgres16"]],
    ["a NAT gateway", { nat: "single" }, []],
    ["dashboard accounts", { dashboardAuth: "accounts" }, []],
    ["Spot", { spot: "true" }, []],
    ["search", { logs: "opensearch" }, []],
    ["a records database", { recordsDatabase: "dedicated" }, []],
    ["Redis", { redis: "elasticache" }, []],
  ])("keeps what holds data with %s", async (_, set, lost) => {
    const rehearsal = await change(set);
    expect(rehearsal.findings).toEqual([]);
    const versioned = /^replace (TaskDefinition|SecretVersion) /;
    expect(replacedOrDeleted(rehearsal).filter((line) => !versioned.test(line))).toEqual(lost);
  });
});

describe("a generated secret", () => {
  test("may be given as what it is, which changes nothing", async () => {
    const { outputs, resources } = await deployed("dev");
    const stored = resources.find(({ type }) => type.endsWith(":SecretVersion"))!.inputs["secretString"];
    const secrets = {
      encryptionKey: (JSON.parse(stored as string) as Record<string, string>)["NANGO_ENCRYPTION_KEY"]!,
      dashboardPassword: outputs["dashboardPassword"] as string,
      apiKeyProd: outputs["apiKeyProd"] as string,
      apiKeyDev: outputs["apiKeyDev"] as string,
    };
    const rehearsal = await change({}, { secrets });
    expect(rehearsal.findings).toEqual([]);
    expect(rehearsal.changes.filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([]);
  });

  test("is there again after a time with accounts", async () => {
    const before = await deployed("dev");
    const options = { stack: "dev", mode: "update" } as const;
    const meanwhile = await rehearse({ ...options, set: { dashboardAuth: "accounts" }, previous: before });
    expect(replacedOrDeleted(meanwhile).filter((line) => line.includes("Random"))).toEqual([]);
    const after = await rehearse({ ...options, previous: meanwhile });
    for (const name of ["apiKeyProd", "apiKeyDev", "dashboardPassword"]) {
      expect(meanwhile.outputs).not.toHaveProperty(name);
      expect(after.outputs[name]).toBe(before.outputs[name]);
    }
  });

  test("gives way to the one that the stack gives", async () => {
    const { outputs } = await deployed("everything given");
    const { secrets } = topologies["everything given"];
    expect(outputs).toMatchObject({
      apiKeyProd: secrets.apiKeyProd,
      apiKeyDev: secrets.apiKeyDev,
      dashboardPassword: secrets.dashboardPassword,
    });
  });
});

describe("turning a data service off", () => {
  test("is refused while the stack protects it, and deletes it once the stack allows the loss", async () => {
    const before = await deployed("search and records");
    const off = { stack: "dev", set: { size: "medium" } } satisfies RehearseOptions;
    const refused = await rehearse({ ...off, mode: "preview", previous: before });
    expect(refused.findings.map(({ message }) => message).join()).toMatch(/protect/);
    const allowed = await rehearse({
      stack: "dev",
      mode: "update",
      previous: before,
      set: { ...off.set, logs: "opensearch", recordsDatabase: "dedicated", allowDataLoss: "true" },
    });
    expect(allowed.findings).toEqual([]);
    const after = await rehearse({
      ...off,
      mode: "preview",
      previous: allowed,
      set: { ...off.set, allowDataLoss: "true" },
    });
    expect(after.findings).toEqual([]);
    expect(replacedOrDeleted(after)).toEqual(
      expect.arrayContaining(["delete Domain nango-search", "delete Instance nango-records"]),
    );
  });
});
