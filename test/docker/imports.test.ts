import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const infra = new URL("../../infra/", import.meta.url);

/** What the modules of a folder need before they can run: imports of types and those inside functions do not count. */
function staticImports(folder: string): string[] {
  return readdirSync(new URL(folder, infra), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const source = readFileSync(new URL(`${folder}${file}`, infra), "utf8");
      return Array.from(
        source.matchAll(/^(?:import|export) (?!type )[^;]*?from "([^"]+)";$/gms),
        ([, from]) => from!,
      );
    });
}

test("a stack loads the program of its own target only, and on Docker nothing of AWS'", () => {
  const index = readFileSync(new URL("index.ts", infra), "utf8");
  expect(index.match(/^import .*$/gm)).toEqual(['import { readConfiguration } from "./config/index.ts";']);
  expect(staticImports("aws/").filter((from) => from.includes("../docker/"))).toEqual([]);
  expect(staticImports("docker/").filter((from) => /\/aws\b|@aws-sdk/.test(from))).toEqual([]);
  expect(staticImports("docker/")).toContain("@pulumi/docker");
  for (const folder of ["config/", "nango/"])
    expect(staticImports(folder).filter((from) => /^@pulumi\/(aws|docker)/.test(from))).toEqual([]);
});
