import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";

/** How Pulumi's runner prints errors that fail an update, where source maps gave their stacks such lines. */
function printed(lines: readonly string[], before: string): string[] {
  const program = `
    let line;
    Error.prepareStackTrace = (error) => String(error) + "\\n    at " + line;
    ${before}
    const { inspect } = await import("node:util");
    for (line of ${JSON.stringify(lines)}) console.log(inspect(new Error("rolled back"), { colors: true }));`;
  const { stdout } = spawnSync(
    process.execPath,
    ["--max-old-space-size=512", "--import", "tsx", "--input-type=module", "--eval", program],
    { encoding: "utf8", timeout: 20_000 },
  );
  return stripVTControlCharacters(stdout)
    .split("\n")
    .filter((text) => text.startsWith("    at "));
}

test("an error is printed whose stack has a file where node looks for a package", () => {
  const lines = {
    "apply (/srv/node_modules/@pulumi/output.ts:5:2)": "apply (/srv/node_modules/@pulumi/./output.ts:5:2)",
    "/srv/node_modules/output.ts:5:2": "/srv/node_modules/./output.ts:5:2",
    "/srv/node_modules/@output.ts:5:2": "/srv/node_modules/./@output.ts:5:2",
    "apply (C:\\srv\\node_modules\\@pulumi\\output.ts:5:2)":
      "apply (C:\\srv\\node_modules\\@pulumi\\.\\output.ts:5:2)",
    "run (/srv/node_modules/a/node_modules/b.js:5:2)": "run (/srv/node_modules/a/node_modules/./b.js:5:2)",
    "run (/srv/node_modules/@pulumi/pulumi/run.js:5:2)": "run (/srv/node_modules/@pulumi/pulumi/run.js:5:2)",
    "run (/srv/node_modules/tsx/dist/run.js:5:2)": "run (/srv/node_modules/tsx/dist/run.js:5:2)",
  };
  const module = new URL("../infra/error-stacks.ts", import.meta.url).href;
  expect(printed(Object.keys(lines), `await import(${JSON.stringify(module)});`)).toEqual(
    Object.values(lines).map((line) => `    at ${line}`),
  );
});
