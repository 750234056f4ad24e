import { devNull } from "node:os";
import { expect, test } from "vitest";
import { EXIT, runCommandLine } from "../../rehearsal/command-line.ts";
import { rehearse } from "../rehearse.ts";
import { namedCommands, npmRun } from "./commands.ts";

/** What every line of `npm start` that stands in a block hands over, each once. */
const lines = new Set(
  namedCommands()
    .filter(({ words, inSentence }) => !inSentence && words[0] === "npm" && npmRun(words).script === "start")
    .map(({ words }) => npmRun(words).args.join(" ")),
);

test("pages name lines of npm start", () => {
  expect(lines.size).toBeGreaterThan(4);
});

test.for([...lines])("npm start -- %s does what it is there for", async (line) => {
  const args = line.split(" ").filter((word) => word !== "");
  const shown: string[] = [];
  const screen = { write: (text: string) => shown.push(text) };
  const written = args.map((word, index) => (args[index - 1] === "--json" ? devNull : word));
  const code = await runCommandLine(written, { out: screen, err: screen }, { rehearse });
  expect({ code, text: shown.join("") }).toEqual({ code: EXIT.fine, text: expect.stringMatching(/\S/) });
});
