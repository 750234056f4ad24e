import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const infra = new URL("../../infra/", import.meta.url);

/** What a module needs before it can run: imports of types and those inside functions do not count. */
function importsOf(file: string): string[] {
  const source = readFileSync(new URL(file, infra), "utf8");
  return Array.from(
    source.matchAll(/^(?:import|export) (?!type )[^;]*?from "([^"]+)";$/gms),
    ([, from]) => from!,
  );
}

function staticImports(folder: string): string[] {
  return readdirSync(new URL(folder, infra), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => importsOf(`${folder}${file}`));
}

test("a stack loads the program of its own target only, and on Docker nothing of AWS'", () => {
  const top = ["index.ts", "customize.ts", "customizing.ts"].flatMap((file) => importsOf(file));
  expect(top).toContain("./config/index.ts");
  expect(top.filter((from) => /\/aws\b|\/docker\b|@aws-sdk/.test(from))).toEqual([]);
  expect(staticImports("aws/").filter((from) => from.includes("../docker/"))).toEqual([]);
  expect(staticImports("docker/").filter((from) => /\/aws\b|@aws-sdk/.test(from))).toEqual([]);
  expect(staticImports("docker/")).toContain("@pulumi/docker");
  for (const folder of ["config/", "nango/"])
    expect(staticImports(folder).filter((from) => /^@pulumi\/(aws|docker)/.test(from))).toEqual([]);
});
