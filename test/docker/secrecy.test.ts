import { describe, expect, test } from "vitest";
import { deployed, topologies, type Topology, topologyNames } from "./topologies.ts";

/** Every text that must not be seen: what is given as secret, and what is made up. */
async function secretTexts(topology: Topology): Promise<string[]> {
  const { resources } = await deployed(topology);
  const options = topologies[topology];
  const given = "secrets" in options ? Object.values(options.secrets) : [];
  const made = resources.flatMap(({ type, outputs }) => {
    if (type === "pulumi:index:Stash") return [(outputs["output"] as { key: string }).key];
    if (!type.startsWith("random:")) return [];
    return [outputs["base64"] ?? outputs["result"]].map(String);
  });
  return [...given.filter((text) => !text.startsWith("{")), "given-key-in-the-environment", ...made];
}

const covered = (path: string, secrets: readonly string[]) =>
  secrets.some((secret) => path === secret || path.startsWith(`${secret}.`) || path.startsWith(`${secret}[`));

/** Where a text stands in a value, as a path. */
function placesOf(value: unknown, needle: string, path = ""): string[] {
  if (typeof value === "string") return value.includes(needle) ? [path] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    placesOf(inner, needle, Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
  );
}

describe.each(topologyNames)("in the stack %s", (topology) => {
  test("no secret stands in the inputs of a resource without being marked", async () => {
    const { resources } = await deployed(topology);
    const texts = await secretTexts(topology);
    expect(texts.length).toBeGreaterThan(3);
    for (const { urn, inputs, secretInputs } of resources)
      for (const text of texts)
        for (const place of placesOf(inputs, text))
          expect(covered(place, secretInputs), `${urn} ${place}`).toBe(true);
  });

  test("no secret stands in an output without being marked", async () => {
    const rehearsal = await deployed(topology);
    for (const text of await secretTexts(topology)) {
      for (const { urn, custom, outputs, secretOutputs } of rehearsal.resources)
        if (!custom)
          for (const place of placesOf(outputs, text))
            expect(covered(place, secretOutputs), `${urn} ${place}`).toBe(true);
      for (const place of placesOf(rehearsal.outputs, text))
        expect(covered(place, rehearsal.secretOutputs), place).toBe(true);
    }
  });
});

test("the key of the database's certificate is secret where it is made, kept and used", async () => {
  const { resources } = await deployed("local");
  const stash = resources.find(({ type }) => type === "pulumi:index:Stash");
  expect(stash?.secretInputs).toEqual(["input"]);
  expect(stash?.additionalSecretOutputs).toEqual(["output"]);
  expect(stash?.ignoreChanges).toEqual(["input"]);
  const postgres = resources.find(
    ({ type, name }) => type.endsWith(":Container") && name === "nango-postgres",
  );
  const key = String((stash?.outputs["output"] as { key?: string } | undefined)?.key);
  const places = placesOf(postgres?.inputs, key);
  expect(places).toHaveLength(1);
  expect(postgres?.secretInputs).toContain(places[0]);
});
