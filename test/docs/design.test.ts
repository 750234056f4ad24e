import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

/** What docs/design.md says is there, by paths from the root; folders end with a slash. */
function described(): string[] {
  const page = readFileSync(path.join(root, "docs/design.md"), "utf8");
  const [, block = ""] = /## Where things are\n\n```text\n(.*?)```/s.exec(page) ?? [];
  const above: string[] = [];
  return block.split("\n").flatMap((line) => {
    // What goes on with the line before begins further right.
    const [, indent = "", name] = /^( {0,6})([\w.-]+\/?)(?: {2,}\S|$)/.exec(line) ?? [];
    if (name === undefined) return [];
    const depth = indent.length / 2;
    above[depth] = name;
    return [above.slice(0, depth).join("") + name];
  });
}

const foldersIn = (folder: string) =>
  readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}${name}/`);

test("docs/design.md shows the rooms that there are", () => {
  const rooms = described();
  expect(rooms.length).toBeGreaterThan(15);
  expect(rooms.filter((room) => !existsSync(path.join(root, room)))).toEqual([]);
  expect(rooms).toEqual(expect.arrayContaining([...foldersIn("infra/"), ...foldersIn("infra/aws/")]));
});
