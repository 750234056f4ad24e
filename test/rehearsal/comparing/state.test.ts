import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { architectureOf } from "../../../rehearsal/architecture/rehearsed.ts";
import { UserError } from "../../../project/user-error.ts";
import { rehearseAgainst } from "../../../rehearsal/comparing/against.ts";
import { readExport } from "../../../rehearsal/comparing/export.ts";
import { deployedResource } from "../../../rehearsal/comparing/state-resource.ts";
import { maskedRehearsal } from "../../../rehearsal/mask.ts";
import { page } from "../../../rehearsal/page/page.ts";
import { policyDifferences, postureLines } from "../../../rehearsal/posture/differences.ts";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { deployed } from "../../aws/topologies.ts";
import { rehearse } from "../../rehearse.ts";
import { leaks, leaksIn } from "../../secrecy.ts";
import { parsePath, valueAt, withValuesOf } from "../../../project/values.ts";

let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), "state-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** The mark of a secret in Pulumi's states. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

type Values = Readonly<Record<string, unknown>>;

function sealed(values: Values, paths: readonly string[], isShown: boolean): Values {
  const at = paths.map(parsePath);
  return at.reduce((all, steps) => {
    const plaintext = JSON.stringify(valueAt(values, steps));
    const secret = isShown ? { plaintext } : { ciphertext: "v1:placeholder" };
    return withValuesOf(all, placed(steps, { [SIGNATURE]: SECRET, ...secret }), [steps]);
  }, values);
}

/** A value that stands at a path of otherwise empty ones. */
function placed(steps: readonly (string | number)[], value: unknown): Values {
  const built = steps.reduceRight<unknown>((inner, step) => {
    if (typeof step === "string") return { [step]: inner };
    return Array.from({ length: step + 1 }, () => inner);
  }, value);
  return built as Values;
}

/** A rehearsed deployment as the state of one in another account, with what a provider fills in itself. */
function stateOf({ resources }: Rehearsal, isShown: boolean): Values[] {
  const provider = "urn:pulumi:dev::nango::pulumi:providers:aws::default_7_48_0";
  const all = resources.map(({ inputs, secretInputs, outputs, secretOutputs, ...resource }) => ({
    ...resource,
    provider: `${provider}::1`,
    inputs: {
      ...sealed(inputs, secretInputs, isShown),
      ...(resource.custom ? { __defaults: ["filledIn"], filledIn: true } : {}),
    },
    outputs: sealed(outputs, secretOutputs, isShown),
  }));
  const text = JSON.stringify([
    { urn: provider, type: "pulumi:providers:aws", custom: true, id: "1", inputs: {} },
    ...all,
    { ...all.at(-1), urn: `${all.at(-1)!.urn}-old`, delete: true },
  ]);
  return JSON.parse(
    text.replaceAll("123456789012", "210987654321").replaceAll(/Z[0-9A-F]{20}/g, "Z0ELSEWHERE"),
  ) as Values[];
}

async function exported(
  isShown: boolean,
  form: (resources: Values[]) => unknown = deployment,
): Promise<string> {
  const file = path.join(folder, `${isShown}-${form.name}.json`);
  writeFileSync(file, JSON.stringify(form(stateOf(await deployed("dev"), isShown))));
  return file;
}

const deployment = (resources: Values[]) => ({ version: 3, deployment: { resources } });
const checkpoint = (resources: Values[]) => ({ version: 3, checkpoint: { latest: { resources } } });

function against(file: string, set: Readonly<Record<string, string>> = {}) {
  return rehearseAgainst({ run: rehearse, options: { stack: "dev", set } }, file);
}

test("nothing differs from what was deployed as it is, in whatever account, encrypted or not", async () => {
  for (const file of [await exported(false), await exported(true), await exported(true, checkpoint)]) {
    const { rehearsal, comparison } = await against(file);
    expect(rehearsal.findings).toEqual([]);
    expect(comparison?.changes).toEqual([]);
    const { before, after } = comparison!;
    expect(before.rehearsal.policies.kept.length).toBeGreaterThan(20);
    expect(policyDifferences(before.rehearsal.policies, after.rehearsal.policies)).toEqual([]);
    expect(postureLines(before.rehearsal, after.rehearsal)).toEqual([]);
  }
});

test("what is deployed is judged by today's policies, and what the next deployment mends is told", async () => {
  const unprotected = (resources: Values[]) =>
    deployment(
      resources.map((one) =>
        one["type"] === "aws:rds/instance:Instance"
          ? { ...one, protect: false, inputs: { ...(one["inputs"] as Values), storageEncrypted: false } }
          : one,
      ),
    );
  const { comparison } = await against(await exported(true, unprotected));
  const { before, after } = comparison!;
  expect(policyDifferences(before.rehearsal.policies, after.rehearsal.policies)).toMatchObject([
    { policy: "encrypted-at-rest", before: "broken", after: "kept", onlyAfter: [] },
    { policy: "deletion-protection", before: "broken", after: "kept" },
  ]);
  expect(postureLines(before.rehearsal, after.rehearsal)).toEqual([
    {
      sign: "~",
      text: "rds.Instance nango-database: at rest not encrypted → encrypted, against deletion not protected → protected",
    },
  ]);
});

test("encrypted inputs count as unchanged, which is said", async () => {
  const [hidden, bare] = [await against(await exported(false)), await against(await exported(true))];
  expect(hidden.comparison?.remarks.join("\n")).toMatch(/\d resources have inputs that .* has encrypted/);
  expect(bare.comparison?.remarks.join("\n")).not.toContain("encrypted");
});

test("what today's program would change is found, with what it does", async () => {
  const { rehearsal, comparison } = await against(await exported(false), {
    "nango:databaseInstanceClass": "db.t4g.small",
  });
  const changed = comparison!.changes.map(({ kind, name, keys }) => `${kind} ${name} ${keys.join(",")}`);
  expect(changed).toContain("update nango-database instanceClass");
  expect(changed).not.toContainEqual(expect.stringMatching(/^(create|delete)/));
  expect(rehearsal.consequences.map(({ effect }) => effect)).toContain("restarts the database");
});

test("a page with a state whose secrets are in the clear shows none of them", async () => {
  const { rehearsal, before, comparison } = await against(await exported(true));
  expect(leaks(maskedRehearsal(before!), {})).toEqual([]);
  const text = await page({
    rehearsal: maskedRehearsal(rehearsal),
    architecture: architectureOf(before!),
    comparison,
  });
  expect(leaksIn([["page", text]], await deployed("dev"), {})).toEqual([]);
});

test("another stack's state, and what is none, are refused with the way out", async () => {
  const file = await exported(true);
  const other = { run: rehearse, options: { stack: "production" } };
  await expect(rehearseAgainst(other, file)).rejects.toThrow(`npm start -- dev --against ${file}`);
  const elsewhere = path.join(folder, "elsewhere.json");
  writeFileSync(
    elsewhere,
    readFileSync(file, "utf8").replaceAll("urn:pulumi:dev::nango::", "urn:pulumi:dev::acme::"),
  );
  await expect(against(elsewhere)).rejects.toThrow(/is of another project, "acme", and this is "nango"/);
  const broken = path.join(folder, "broken.json");
  writeFileSync(broken, "{");
  await expect(against(broken)).rejects.toThrow(`${broken} is no export of a stack (`);
});

describe("an export that is none", () => {
  const urn = "urn:pulumi:dev::nango::a:b:C::x";
  const resources = (...all: unknown[]) => JSON.stringify({ version: 3, deployment: { resources: all } });
  const read = (content: string | Buffer) => {
    const file = path.join(folder, "none.json");
    writeFileSync(file, content);
    return readExport(file, { project: "nango", stack: "dev" });
  };

  test.each([
    ["", "none.json is no export of a stack (Unexpected end of JSON input)"],
    ["[]", "none.json is no export of a stack: npx pulumi"],
    ["null", "none.json is no export of a stack: npx pulumi"],
    ['{"version":3,"deployment":', "is no export of a stack (Unexpected end"],
    ['{"version":3,"deployment":null}', "is no export of a stack: npx pulumi"],
    ['{"deployment":{"resources":{}}}', "is no whole export of a stack (resources.: "],
    [resources({ urn: 5 }), "is no whole export of a stack (resources.0.urn: "],
    [resources({ urn: "x", type: "a:b:C" }), "(resources.0.urn: no URN of a resource)"],
    [resources({ urn, type: "a:b:C" }, { urn, type: "a:b:C", inputs: "x" }), "(resources.1.inputs: "],
    [resources({ urn, type: "a:b:C", dependencies: "x" }), "(resources.0.dependencies: "],
    [
      resources({ urn, type: "a:b:C", propertyDependencies: { a: "x" } }),
      "(resources.0.propertyDependencies.a: ",
    ],
    [
      '{"version":5,"deployment":{"resources":[]}}',
      "is of version 5, and this project knows exports up to version 4",
    ],
  ])("%j is refused", (content, message) => {
    expect(() => read(content)).toThrow(UserError);
    expect(() => read(content)).toThrow(message);
  });

  test("is not one of an older or newer version, with lists that are null, or by PowerShell", () => {
    const one = { urn, type: "a:b:C", custom: true, inputs: null, dependencies: null };
    for (const version of [1, 2, 3, 4])
      expect(read(JSON.stringify({ version, deployment: { resources: [one] } }))).toMatchObject([{ urn }]);
    for (const encoding of ["utf8", "utf16le"] as const)
      expect(read(Buffer.from(`\ufeff${resources(one)}`, encoding))).toHaveLength(1);
  });

  test("is one with a secret that nobody can read as JSON", () => {
    const secret = { [SIGNATURE]: SECRET, plaintext: "no json" };
    const [broken] = read(resources({ urn, type: "a:b:C", inputs: { deep: [secret] } }));
    expect(() => deployedResource(broken!)).toThrow(
      new UserError("the state has a secret whose plain text is no JSON: export it again"),
    );
  });
});

test("of a stack that has nothing everything is created", async () => {
  const empty = path.join(folder, "empty.json");
  writeFileSync(empty, JSON.stringify({ version: 3, deployment: {} }));
  const { comparison, rehearsal } = await against(empty);
  expect(comparison?.changes.length).toBe(rehearsal.resources.length);
});
