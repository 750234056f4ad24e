import { describe, expect, test } from "vitest";
import { leaks, secretPlaces } from "../secrecy.ts";
import { deployed, topologies, topologyNames } from "./topologies.ts";

describe.each(topologyNames)("the stack %s", (topology) => {
  test("keeps and shows no secret in the clear", async () => {
    const options = topologies[topology];
    expect(leaks(await deployed(topology), "secrets" in options ? options.secrets : {})).toEqual([]);
  });

  // Not to a label, a name or a command, which `docker ps` and every user of the machine can read.
  test("hands secrets to the environment of containers only", async () => {
    const places = secretPlaces(await deployed(topology));
    expect(places).toContain("Container envs[]");
    expect(places.filter((place) => !["Container envs[]", "Stash input"].includes(place))).toEqual([]);
  });
});

test("the key of the database's certificate is secret where it is made, kept and used", async () => {
  const { resources } = await deployed("local");
  const stash = resources.find(({ name }) => name === "nango-postgres-certificates");
  expect(stash?.secretInputs).toEqual(["input"]);
  expect(stash?.additionalSecretOutputs).toEqual(["output"]);
  expect(stash?.ignoreChanges).toEqual(["input"]);
  const postgres = resources.find(
    ({ type, name }) => type.endsWith(":Container") && name === "nango-postgres",
  );
  const { key } = stash!.outputs["output"] as { key: string };
  const places = (postgres!.inputs["envs"] as string[]).flatMap((line, index) =>
    line.includes(key) ? [`envs[${index}]`] : [],
  );
  expect(places).toHaveLength(1);
  expect(postgres?.secretInputs).toEqual(expect.arrayContaining(places));
});
