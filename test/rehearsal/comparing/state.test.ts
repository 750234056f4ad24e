import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { architectureOf } from "../../../rehearsal/architecture/architecture.ts";
import { rehearseAgainst } from "../../../rehearsal/comparing/against.ts";
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
  await expect(against(broken)).rejects.toThrow(`cannot read ${broken}`);
  for (const none of [
    "[]",
    '{ "deployment": { "resources": [{ "urn": 5 }] } }',
    '{ "deployment": { "resources": {} } }',
  ]) {
    writeFileSync(broken, none);
    await expect(against(broken)).rejects.toThrow(
      `npx pulumi stack export -s dev --file ${broken} writes one`,
    );
  }
});

test("of a stack that has nothing everything is created", async () => {
  const empty = path.join(folder, "empty.json");
  writeFileSync(empty, JSON.stringify({ version: 3, deployment: {} }));
  const { comparison, rehearsal } = await against(empty);
  expect(comparison?.changes.length).toBe(rehearsal.resources.length);
});
