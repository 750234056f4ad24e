import { describe, expect, test } from "vitest";
import { rehearse } from "../rehearse.ts";
import { ofType, the } from "./find.ts";
import { deployed, topologyNames } from "./topologies.ts";

describe.each(topologyNames)("the stack %s", (topology) => {
  test("is previewed and deployed without a finding", async () => {
    for (const mode of ["preview", "update"] as const) {
      const rehearsal = await deployed(topology, mode);
      expect(rehearsal.program).toEqual({ exitCode: 0 });
      expect(rehearsal.findings).toEqual([]);
    }
  });

  test("registers each component's outputs and names each child after its parent", async () => {
    const { resources } = await deployed(topology);
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const resource of resources) {
      const parent = byUrn.get(resource.parent ?? "");
      if (parent?.type.startsWith("nango:"))
        expect(resource.name).toMatch(new RegExp(`^${parent.name}(-|$)`));
      if (resource.type.startsWith("nango:"))
        expect(Object.keys(resource.outputs), resource.urn).not.toEqual([]);
    }
  });

  test("keeps what it cannot do without: protected, and with all the backups it can have", async () => {
    const rehearsal = await deployed(topology);
    const kept = [
      "rds/instance:Instance",
      "opensearch/domain:Domain",
      "secretsmanager/secret:Secret",
      "ec2/vpc:Vpc",
    ].flatMap((type) => ofType(rehearsal, type));
    const generated = ofType(rehearsal, "RandomPassword").filter(({ parent }) =>
      parent?.includes("GeneratedSecrets"),
    );
    expect(generated.map(({ name }) => name).toSorted()).toEqual([
      "nango-admin-key",
      "nango-api-key-dev",
      "nango-api-key-prod",
      "nango-dashboard-password",
      "nango-encryption-key",
    ]);
    expect([...kept, ...generated].filter((resource) => !resource.protect)).toEqual([]);
    expect(the(rehearsal, "RandomPassword", "nango-encryption-key").retainOnDelete).toBe(true);
    for (const database of ofType(rehearsal, "rds/instance:Instance")) {
      expect(database.inputs).toMatchObject({
        storageEncrypted: true,
        deletionProtection: true,
        skipFinalSnapshot: false,
        deleteAutomatedBackups: false,
        copyTagsToSnapshot: true,
        publiclyAccessible: false,
        storageType: "gp3",
        autoMinorVersionUpgrade: true,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      });
      expect(database.inputs["engineVersion"]).toMatch(/^\d+$/);
      expect(database.inputs["backupRetentionPeriod"]).toBeGreaterThanOrEqual(7);
      expect(database.inputs["finalSnapshotIdentifier"]).toBe(
        `${String(database.inputs["identifier"])}-final`,
      );
    }
    for (const group of ofType(rehearsal, "rds/parameterGroup:ParameterGroup")) {
      expect(group.inputs["parameters"]).toContainEqual({
        name: "rds.force_ssl",
        value: "1",
        // RDS keeps reporting the method of a value that is the default already as this one.
        applyMethod: "pending-reboot",
      });
    }
  });
});

test("nothing is protected once the stack allows the loss of data", async () => {
  const rehearsal = await rehearse({ stack: "dev", mode: "update", set: { allowDataLoss: "true" } });
  expect(rehearsal.resources.filter((resource) => resource.protect)).toEqual([]);
  expect(the(rehearsal, "rds/instance:Instance").inputs).toMatchObject({
    deletionProtection: false,
    skipFinalSnapshot: false,
  });
});

test("the outputs say what a user has to know, and hide what nobody may see", async () => {
  const { outputs, secretOutputs } = await deployed("dev");
  expect(outputs).toMatchObject({
    url: "https://nango-dev.example.com",
    callbackUrl: "https://nango-dev.example.com/oauth/callback",
    connectUrl: "https://connect.nango-dev.example.com",
    dashboardUser: "nango",
    encryptionKeyFingerprint: expect.stringMatching(/^sha256:[0-9a-f]{16}$/),
    databaseEndpoint: expect.stringMatching(/:5432$/),
    tailLogs: expect.stringMatching(/^aws logs tail /),
    openShell: expect.stringContaining("aws ecs execute-command"),
    readPassword: "npx pulumi stack output dashboardPassword --show-secrets -s dev",
  });
  expect(secretOutputs.toSorted()).toEqual(["apiKeyDev", "apiKeyProd", "dashboardPassword"]);
});

test("the names of what a stack consists of never change by accident", async () => {
  const { resources } = await deployed("production");
  const names = resources.map(({ type, name }) => `${type} ${name}`).toSorted();
  expect(names).toMatchSnapshot();
});
