import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { sourceFolders } from "./fault.ts";
import { faults } from "./faults.ts";

const root = path.resolve(import.meta.dirname, "../..");

function filesIn(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((file) =>
    path.join(root, folder, file),
  );
}

// `npm run mutants` tries them, which takes a quarter of an hour: that they can be tried is seen at once.
test("each fault can be made, and names files of tests that are there", () => {
  const text = sourceFolders
    .flatMap(filesIn)
    .filter((file) => /\.(ts|js)$/.test(file))
    .map((file) => readFileSync(file, "utf8"))
    .join("\0");
  const tests = filesIn("test").filter((file) => file.endsWith(".test.ts"));
  const standsOnce = (find: string) => {
    const at = text.indexOf(find);
    return at >= 0 && !text.includes(find, at + 1);
  };
  const broken = faults.filter(
    ({ find, tests: named }) =>
      !standsOnce(find) || !named.every((part) => tests.some((file) => file.includes(part))),
  );
  expect(broken.map(({ fault }) => fault)).toEqual([]);
  expect(faults.length).toBeGreaterThanOrEqual(60);
});
