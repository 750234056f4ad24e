// `npm run browser`
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";
import { runCommand } from "../project/run-command.ts";
import { UserError } from "../project/user-error.ts";
import { EXIT, runCommandLine } from "../rehearsal/command-line.ts";
import { problemsOf, views } from "./browser/check.ts";
import { draw } from "./browser/drawing.ts";
import { commands } from "./commands.ts";
import { shippedStacks } from "./release/record.ts";

/** The reports of the stacks that come with the project, of a change and of two stacks compared. */
const everything: readonly (readonly string[])[] = [
  ...shippedStacks.map((stack) => [stack]),
  ["dev", "--change", "nango:size=medium"],
  ["production", "--against", "dev"],
];

/** Writes the reports of these arguments of `npm start`. */
async function written(folder: string, lines: readonly (readonly string[])[]): Promise<string[]> {
  const files: string[] = [];
  for (const line of lines) {
    const file = path.join(folder, `${line[1]?.replace("--", "") ?? line[0]}.html`);
    const quiet = { write: () => true };
    const code = await runCommandLine([...line, "--report", file], { out: quiet, err: quiet });
    if (code !== EXIT.fine) throw new Error(`npm start -- ${line.join(" ")} ended with ${code}`);
    files.push(file);
  }
  return files;
}

/** The program of an installed browser. */
function installed(): string {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const found = ["chromium", "google-chrome", "chromium-browser"]
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new UserError(
    "There is no chromium or google-chrome on PATH: install one, or name it: npm run browser -- --chromium <path>",
  );
}

async function launched(program: string): Promise<Browser> {
  if (!existsSync(program)) throw new UserError(`There is no browser ${program}.`);
  try {
    return await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  } catch (error) {
    const [said = ""] = error instanceof Error ? error.message.split("\n") : [String(error)];
    throw new UserError(`${program} does not start as a browser: ${said}`);
  }
}

export default runCommand(commands.browser, process.argv.slice(2), async ({ values, positionals }) => {
  for (const file of positionals) if (!existsSync(file)) throw new UserError(`There is no file ${file}.`);
  const browser = await launched(values.chromium ?? installed());
  const folder = mkdtempSync(path.join(tmpdir(), "browser-"));
  try {
    if (values.draw === true) {
      const [report = ""] = await written(folder, [["production"]]);
      console.log((await draw(browser, report)).join("\n"));
      return 0;
    }
    const files = positionals.length > 0 ? positionals : await written(folder, everything);
    if (values.pictures !== undefined) mkdirSync(values.pictures, { recursive: true });
    let wrong = 0;
    for (const file of files) {
      for (const view of views) {
        const name = `${path.basename(file, ".html")}-${view.name}`;
        const picture = values.pictures === undefined ? undefined : path.join(values.pictures, `${name}.png`);
        const problems = await problemsOf(browser, file, { view, picture });
        console.log(
          problems.length === 0 ? `${name}: fine` : problems.map((text) => `${name}: ${text}`).join("\n"),
        );
        wrong += problems.length;
      }
    }
    return wrong > 0 ? 1 : 0;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
});
