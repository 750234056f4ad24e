import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { taskSource } from "./run-task.ts";

const names = readdirSync(new URL("../../../infra/nango/tasks/", import.meta.url)).map((file) =>
  basename(file, ".js"),
);

test.each(names)("%s needs nothing that Nango's image does not have", (name) => {
  const imports = [...taskSource(name).matchAll(/\b(?:from|require\(|import\(?) *"(.*?)"/g)].map(
    ([, module]) => module,
  );
  expect(imports.filter((module) => module !== "pg" && !module?.startsWith("node:"))).toEqual([]);
});

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
test("all scripts together leave most of the 64 KB of an ECS task definition free", () => {
  const sizes = names.map((name) => Buffer.byteLength(JSON.stringify(taskSource(name))));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(32 * 1024);
});
