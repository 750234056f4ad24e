import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ciActions } from "../../../scripts/ci/actions.ts";
import { type Look, lookOf } from "../../../scripts/ci/engine.ts";

const directory = path.resolve(import.meta.dirname, "../../..");
let folder: string;
let asked: readonly string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "nango-looks-"));
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const type = "aws:rds/instance:Instance";
const urn = `urn:pulumi:dev::nango::${type}::nango-database`;
const update = { resourcePreEvent: { metadata: { op: "update", urn, type, diffs: ["multiAz"] } } };

/** Runs a command that looks at the stack `dev`, at which the Pulumi CLI would see this. */
function looked(
  command: "ci:preview" | "ci:drift",
  { exitCode, changes }: { readonly exitCode: number; readonly changes: boolean },
  values: Readonly<Record<string, unknown>> = {},
): number | Promise<number> {
  const looking = (_: unknown, __: string, args: readonly string[]): Promise<Look> => {
    asked = args;
    return Promise.resolve(lookOf("dev", changes ? [update] : [], exitCode));
  };
  return ciActions[command]({ positionals: ["dev"], values, directory, environment: {}, looking });
}

const { fingerprint } = lookOf("dev", [update], 0);

describe("a preview of a pipeline", () => {
  const well = { exitCode: 0, changes: true };

  test("writes the fingerprint of what would change", async () => {
    const file = path.join(folder, "fingerprint.env");
    expect(await looked("ci:preview", well, { fingerprint: file })).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(`FINGERPRINT=${fingerprint}\n`);
    expect(asked[0]).toBe("preview");
  });

  test("goes on with what was approved, and with nothing else", async () => {
    expect(await looked("ci:preview", well, { expect: fingerprint })).toBe(0);
    await expect(looked("ci:preview", { ...well, changes: false }, { expect: fingerprint })).rejects.toThrow(
      /is not what was approved .* Nothing was deployed/s,
    );
    await expect(looked("ci:preview", well, { expect: "" })).rejects.toThrow(/is not what was approved/);
  });

  test("that failed is no approval, whatever it saw", async () => {
    await expect(
      looked("ci:preview", { exitCode: 255, changes: true }, { expect: fingerprint }),
    ).rejects.toThrow("The preview of dev failed with exit code 255.");
  });
});

describe("a look for drift", () => {
  test("changes nothing, and is well where nothing differs", async () => {
    expect(await looked("ci:drift", { exitCode: 0, changes: false })).toBe(0);
    expect(asked).toEqual(expect.arrayContaining(["refresh", "--preview-only", "--expect-no-changes"]));
  });

  test.each([
    [true, "dev is not as it was deployed: rds.Instance nango-database."],
    [false, "dev could not be looked at: the refresh ended with exit code 1."],
  ])("fails where it saw something, and where it could not look", async (changes, said) => {
    await expect(looked("ci:drift", { exitCode: 1, changes })).rejects.toThrow(said);
  });
});
