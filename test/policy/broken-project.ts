import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

const fixtures = ["added", "changed", "evading", "legitimate"];

/** What `infra/customize.ts` is then: the fixture that the environment names. */
const chosen = `${fixtures.map((name) => `import { customize as ${name} } from "./${name}.ts";`).join("\n")}
export const customize = (given) => ({ ${fixtures.join(", ")} })[process.env["CUSTOMIZED"]](given);
`;

/** A copy of the project whose `infra/customize.ts` is one of the fixtures; to be removed in the end. */
export function customizedProject(): { readonly directory: string; readonly remove: () => void } {
  const directory = mkdtempSync(path.join(tmpdir(), "nango-policies-"));
  for (const part of ["infra", "policy", "project", "stacks", "Pulumi.yaml", "package.json"])
    cpSync(path.join(root, part), path.join(directory, part), { recursive: true });
  symlinkSync(path.join(root, "node_modules"), path.join(directory, "node_modules"), "junction");
  for (const fixture of fixtures.map((name) => `${name}.ts`)) {
    const text = readFileSync(path.join(import.meta.dirname, "fixtures", fixture), "utf8");
    writeFileSync(
      path.join(directory, "infra", fixture),
      text.replace("../../../infra/customizing.ts", "./customizing.ts"),
    );
  }
  writeFileSync(path.join(directory, "infra/customize.ts"), chosen);
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
