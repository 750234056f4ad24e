import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "./pages.ts";

const read = (file: string) => readFileSync(path.join(root, file), "utf8");

function filesUnder(place: string): string[] {
  if (statSync(path.join(root, place)).isFile()) return [place];
  return readdirSync(path.join(root, place), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|md|ya?ml)$/.test(name))
    .map((name) => path.join(place, name));
}

// The rehearsal repeats the words of the CLI; messages of infra/config, and those given to `ready`, are completed when they are shown: infra/config/problem.ts.
const places = ["README.md", "docs", "scripts", "stacks", "infra"];

test("every command of the Pulumi CLI that is meant to be copied brings the CLI and names the stack", () => {
  const files = places
    .flatMap(filesUnder)
    .filter((file) => !file.startsWith("infra/config/") && !/\bready\(/.test(read(file)));
  expect(files.length).toBeGreaterThan(50);
  const commands = files.flatMap((file) =>
    [
      ...read(file).matchAll(
        /(?<before>\S* )?pulumi (?:config (?:set|rm)|stack output|refresh|up --refresh)\b(?!",)(?<after>[^\n`]*)/g,
      ),
    ].map(({ groups = {}, 0: text }): Record<string, string | undefined> => ({ file, text, ...groups })),
  );
  expect(commands.length).toBeGreaterThan(20);
  const incomplete = commands.filter(
    ({ before, after }) => before?.endsWith("npx ") !== true || !/ (-s|--stack) \S/.test(after ?? ""),
  );
  expect(incomplete.map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
});
