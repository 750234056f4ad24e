import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startMigrateFixture, type MigrateFixture } from "./migrate-fixture.ts";

// A key and its hash, of Nango's own tests:
// https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/utils/encryption.manager.integration.test.ts#L15-L60
const key = "aHcTnJX5yaDJHF/EJLc6IMFSo2+aiz1hPsTkpsufxa0=";
const hash = "sM+EkzNi7o4Crw3cVfg01jBbmSEAfDdmTzYWoxbryvk=";
const otherKey = Buffer.alloc(32, 9).toString("base64");

let fixture: MigrateFixture;

beforeAll(async () => {
  fixture = await startMigrateFixture();
  fixture.writeMigration(`console.log("migrating for real");`);
});
afterAll(() => fixture?.stop());

/** As Nango's migration makes it: 20230323011937_create_db_config.cjs. */
const made = (schema = "nango") => [
  `DROP SCHEMA IF EXISTS "${schema}" CASCADE`,
  `CREATE SCHEMA "${schema}" AUTHORIZATION nango`,
  `SET ROLE nango`,
  `CREATE TABLE "${schema}"."_nango_db_config" (encryption_key_hash varchar(255), encryption_complete boolean)`,
];
const encrypted = (by: string, schema = "nango") => [
  ...made(schema),
  `INSERT INTO "${schema}"."_nango_db_config" VALUES ('${by}', true)`,
];

describe("data that was encrypted with another key", () => {
  beforeEach(() => fixture.sql(...encrypted(hash)));

  test("is refused before anything is migrated, and neither key is told", async () => {
    const { exitCode, output, lastLine } = await fixture.migrate({ env: { NANGO_ENCRYPTION_KEY: otherKey } });
    expect(lastLine).toMatch(
      /NANGO_DATABASE_URL \(localhost:\d+\/nango\): its data is encrypted with another/,
    );
    expect(lastLine).toContain("nango:encryptionKey");
    expect(output).not.toContain("migrating");
    expect(output).not.toContain(otherKey);
    expect(output).not.toContain(hash);
    expect(exitCode).toBe(2);
  });

  test("is refused with the same key and a newline, which is another one to Nango", async () => {
    const { exitCode } = await fixture.migrate({ env: { NANGO_ENCRYPTION_KEY: `${key}\n` } });
    expect(exitCode).toBe(2);
  });

  test("is looked for in the schema that Nango is told", async () => {
    await fixture.sql(...encrypted(hash, "elsewhere"));
    const { exitCode } = await fixture.migrate({
      env: { NANGO_ENCRYPTION_KEY: otherKey, NANGO_DB_SCHEMA: "elsewhere" },
    });
    expect(exitCode).toBe(2);
  });
});

test.each([
  ["of this key", encrypted(hash), key],
  ["of a Nango that was never started", made(), otherKey],
  ["of nobody yet", ["DROP SCHEMA IF EXISTS nango CASCADE"], otherKey],
])("data %s is migrated", async (_, statements, ours) => {
  await fixture.sql(...statements);
  const { exitCode, output } = await fixture.migrate({ env: { NANGO_ENCRYPTION_KEY: ours } });
  expect(output).toContain("migrating for real");
  expect(exitCode).toBe(0);
});
