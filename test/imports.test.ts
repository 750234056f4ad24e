import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { variableNames } from "../infra/nango/variables.ts";

const root = path.resolve(import.meta.dirname, "..");

/** The rooms, and those that each may import from, besides itself. */
const reach: Readonly<Record<string, readonly string[]>> = {
  "infra/nango": [],
  "infra/config": ["infra/nango"],
  "infra/aws": ["infra", "infra/config", "infra/nango"],
  "infra/docker": ["infra", "infra/config", "infra/nango"],
  infra: ["infra/aws", "infra/docker", "infra/config", "infra/nango", "project"],
  project: ["infra/config"],
  policy: ["infra/config", "infra/nango", "project"],
  rehearsal: ["infra/config", "infra/nango", "policy", "project"],
  bootstrap: ["infra", "infra/config", "project", "scripts"],
  scripts: [
    "infra",
    "infra/aws",
    "infra/docker",
    "infra/config",
    "infra/nango",
    "bootstrap",
    "policy",
    "project",
    "rehearsal",
    "test",
  ],
};

function roomOf(file: string): string {
  const [first = "", second = "", third] = file.split(path.sep);
  return first === "infra" && third !== undefined ? `infra/${second}` : first;
}

/** The sources, by their paths from the root, and their texts. */
const sources = new Map(
  ["infra", "project", "policy", "rehearsal", "bootstrap", "scripts"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|mjs|cjs)$/.test(file))
      .map((file) => path.join(folder, file))
      .map((file) => [file, readFileSync(path.join(root, file), "utf8")] as const),
  ),
);

/** What a source imports of the project's, types included. */
const imports = new Map(
  Array.from(sources, ([file, text]) => [
    file,
    Array.from(
      text.matchAll(/^(?:import|export|\}).* from "(\.[^"]+)";|\bimport\("(\.[^"]+)"\)/gm),
      ([, one, other]) => path.normalize(path.join(path.dirname(file), one ?? other ?? "")),
    ),
  ]),
);

/** Files that import each other, each circle once. */
function circles(): string[] {
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) found.add([...way.slice(way.indexOf(file)), file].join(" -> "));
    if (way.includes(file) || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return [...found];
}

describe("imports", () => {
  test("are found, and lead to files that are there", () => {
    const all = [...imports.values()].flat();
    expect(all.length).toBeGreaterThan(1500);
    expect(all.filter((file) => !sources.has(file) && roomOf(file) !== "test")).toEqual([]);
  });

  test("go one way from room to room", () => {
    const wrong = Array.from(imports, ([file, imported]) =>
      imported
        .filter((other) => roomOf(other) !== roomOf(file) && !reach[roomOf(file)]?.includes(roomOf(other)))
        .map((other) => `${file} -> ${other}`),
    ).flat();
    expect(wrong).toEqual([]);
  });

  test("go round in no circle, not even with types", () => {
    expect(circles()).toEqual([]);
  });
});

describe("one place each", () => {
  const naming = (word: RegExp, folder: string) =>
    Array.from(sources, ([file, text]) => (file.startsWith(folder) && word.test(text) ? [file] : [])).flat();

  test("only infra/config reads configuration", () => {
    const readers = naming(/\ballConfig\(|\bnew (?:pulumi\.)?Config\(/, "infra");
    expect(readers.length).toBeGreaterThan(0);
    expect(readers.filter((file) => roomOf(file) !== "infra/config")).toEqual([]);
  });

  test("what deploys Nango names none of its variables", () => {
    const own = variableNames.filter((name) => /^(?:NANGO|SERVER|FLAG|RECORDS)_/.test(name));
    const names = new RegExp(String.raw`\b(?:${own.join("|")})\b`);
    expect(naming(names, path.join("infra", "nango")).length).toBeGreaterThan(0);
    for (const room of ["aws", "docker"]) expect(naming(names, path.join("infra", room))).toEqual([]);
  });
});
