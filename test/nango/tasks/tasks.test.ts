import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import type { TaskScript } from "../../../infra/nango/task-script.ts";
import { taskSource } from "./run-task.ts";

const names = readdirSync(new URL("../../../infra/nango/tasks/", import.meta.url)).map((file) =>
  basename(file, ".js"),
) as TaskScript[];

test.each(names)("%s needs nothing that Nango's image does not have", (name) => {
  const imports = [...taskSource(name).matchAll(/\b(?:from|require\(|import\(?) *"(.*?)"/g)].map(
    ([, module]) => module,
  );
  expect(imports.filter((module) => module !== "pg" && !module?.startsWith("node:"))).toEqual([]);
});

test.each(names)(
  "%s goes without the comments that have lines of their own, and with all the rest",
  (name) => {
    const text = readFileSync(new URL(`../../../infra/nango/tasks/${name}.js`, import.meta.url), "utf8");
    const lines = (source: string) => source.split("\n").filter((line) => line.trim() !== "");
    const code = lines(text).filter(
      (line) => !/^\s*(\/\*\*.*\*\/$|\/\*\*(?!.*\*\/)|\* |\*\/$|\*$|\/\/)/.test(line),
    );
    expect(lines(taskSource(name))).toEqual(code);
  },
);

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
test("all scripts together leave most of the 64 KB of an ECS task definition free", () => {
  const sizes = names.map((name) => Buffer.byteLength(JSON.stringify(taskSource(name))));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(32 * 1024);
});
