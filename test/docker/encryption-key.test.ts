import { expect, test } from "vitest";
import type { Rehearsal } from "../../rehearsal/rehearse.ts";
import { rehearse } from "../rehearse.ts";
import { containersOf, deployed, topologies } from "./topologies.ts";

const otherKey = Buffer.alloc(32, 9).toString("base64");
const given = topologies["everything given"];

/** The preview of a change, in which those hooks run that refuse what must not change. */
async function preview(
  topology: "local" | "everything given",
  secrets: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): Promise<Rehearsal> {
  const set = { ...(topology === "local" ? {} : given.set), ...more };
  const previous = await deployed(topology);
  return rehearse({ stack: "local", mode: "preview", runHooks: true, previous, set, secrets });
}

test.each([
  ["given for a generated one", "local", { encryptionKey: otherKey }],
  ["given for another given one", "everything given", { ...given.secrets, encryptionKey: otherKey }],
  ["generated for a given one", "everything given", { ...given.secrets, encryptionKey: "generated" }],
] as const)("another encryption key is refused in the preview: %s", async (_, topology, secrets) => {
  const { findings } = await preview(topology, secrets);
  expect(findings).toHaveLength(1);
  expect(findings[0]?.message).toMatch(
    /encryption key of this stack would change from sha256:[0-9a-f]{16} to sha256:[0-9a-f]{16}\. .*config set -s local nango:allowEncryptionKeyChange true/,
  );
});

test("another encryption key is refused before anything runs with it", async () => {
  const { resources } = await deployed("local");
  const fingerprint = resources.find(({ name }) => name === "nango-encryption-key-fingerprint");
  const server = containersOf(await deployed("local"))["server"];
  expect(server?.dependencies).toContain(fingerprint?.urn);
});

test("the same encryption key passes, and another one where the stack insists", async () => {
  const other = { ...given.secrets, encryptionKey: otherKey };
  for (const [secrets, set] of [
    [given.secrets, {}],
    [other, { allowEncryptionKeyChange: "true" }],
  ] as const) {
    const { findings, program } = await preview("everything given", secrets, set);
    expect(findings).toEqual([]);
    expect(program).toEqual({ exitCode: 0 });
  }
});
