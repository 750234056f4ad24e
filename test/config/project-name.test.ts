import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { rehearse } from "../rehearse.ts";

const root = path.resolve(import.meta.dirname, "../..");

test("a project of another name, as pulumi new makes it when asked to, is told to keep the name", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "project-name-"));
  try {
    const text = readFileSync(path.join(root, "Pulumi.yaml"), "utf8")
      .replace("name: nango\n", "name: acme\n")
      .replace("main: infra", `main: ${path.join(root, "infra")}`)
      .replace("stackConfigDir: stacks", `stackConfigDir: ${path.join(root, "stacks")}`);
    writeFileSync(path.join(folder, "Pulumi.yaml"), text);
    const { program } = await rehearse({ stack: "dev", projectDirectory: folder });
    expect(program.message).toMatch(/^Pulumi\.yaml names the project "acme"\. Write "name: nango" there: /);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
