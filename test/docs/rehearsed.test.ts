import { readFileSync } from "node:fs";
import { devNull } from "node:os";
import { expect, test } from "vitest";
import { EXIT, runCommandLine } from "../../rehearsal/command-line.ts";
import { readProject, stackNames } from "../../project/project.ts";
import { rehearse } from "../rehearse.ts";
import { namedCommands, npmRun } from "./commands.ts";

/** What every line of `npm start` that stands in a block hands over, each once. */
const lines = new Set(
  namedCommands()
    .filter(({ words, inSentence }) => !inSentence && words[0] === "npm" && npmRun(words).script === "start")
    .map(({ words }) => npmRun(words).args.join(" "))
    .filter((line) => comparesWithStacks(line)),
);

/** What versions git has, and what files there are, is the reader's. */
function comparesWithStacks(line: string): boolean {
  const [, other] = /--against (\S+)/.exec(line) ?? [];
  return other === undefined || stackNames(readProject(".")).includes(other);
}

test("pages name lines of npm start", () => {
  expect(lines.size).toBeGreaterThan(4);
});

test.for([...lines])("npm start -- %s does what it is there for", async (line) => {
  const args = line.split(" ").filter((word) => word !== "");
  const shown: string[] = [];
  const screen = { write: (text: string) => shown.push(text) };
  const written = args.map((word, index) =>
    ["--json", "--report"].includes(args[index - 1] ?? "") ? devNull : word,
  );
  const code = await runCommandLine(written, { out: screen, err: screen }, { rehearse });
  expect({ code, text: shown.join("") }).toEqual({ code: EXIT.fine, text: expect.stringMatching(/\S/) });
});

test("docs/rehearse.md says what each property of --json holds", async () => {
  const table = readFileSync("docs/rehearse.md", "utf8").split("## As data")[1] ?? "";
  const told = [...table.matchAll(/^\| (`[^|]*`) +\|/gm)].flatMap(([, names = ""]) =>
    names.split(", ").map((name) => name.replaceAll("`", "")),
  );
  expect(told.toSorted()).toEqual(Object.keys(await rehearse({ stack: "dev" })).toSorted());
});
