import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { readScript } from "../../infra/nango/script-file.ts";

const folder = mkdtempSync(join(tmpdir(), "nango-script-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a checkout of Windows runs the same script", () => {
  const file = join(folder, "start.sh");
  writeFileSync(file, "umask 077\r\necho started\r\n");
  expect(readScript(pathToFileURL(file))).toBe("umask 077\necho started\n");
});

test("every script of the program is read that way", () => {
  const infra = fileURLToPath(new URL("../../infra", import.meta.url));
  const readers = readdirSync(infra, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .filter((file) => readFileSync(join(infra, file), "utf8").includes("readFileSync"));
  expect(readers).toEqual([join("nango", "script-file.ts")]);
});

test("git gives every checkout the line ends of Linux", () => {
  const attributes = readFileSync(new URL("../../.gitattributes", import.meta.url), "utf8");
  expect(attributes).toMatch(/^\* text=auto eol=lf$/m);
});
