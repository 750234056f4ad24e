// Breaks the program on purpose, one fault after another, and counts those that no test sees. The faults stand in
// test/mutants; each is tried in a copy of the project. What is seen counts only where the tests pass without a fault.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CommandLine } from "../project/command.ts";
import { runCommand } from "../project/run-command.ts";
import { UserError } from "../project/user-error.ts";
import { wholeNumber } from "../project/whole-number.ts";
import { type Fault, sourceFolders } from "../test/mutants/fault.ts";
import { faults as everyFault } from "../test/mutants/faults.ts";
import { commands } from "./commands.ts";

type Wish = CommandLine<typeof commands.mutants.flags>["values"];

/** What became of a fault. */
interface Outcome {
  /** `lost`: its text is not there any more, or no test of that name, or one that fails without the fault. */
  readonly kind: "seen" | "unseen" | "lost";
  /** The first test that saw it, or what is lost. */
  readonly by: string;
}

const root = path.resolve(import.meta.dirname, "..");
const remembered = path.join(root, "node_modules/.cache/mutants.json");
/** Everything that the program and its tests consist of, but for what is installed. */
function copyProject(): string {
  const copy = mkdtempSync(path.join(tmpdir(), "mutants-"));
  for (const entry of readdirSync(root))
    if (!["node_modules", ".git"].includes(entry))
      cpSync(path.join(root, entry), path.join(copy, entry), { recursive: true });
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"), "junction");
  return copy;
}

function sources(project: string): string[] {
  return sourceFolders.flatMap((folder) =>
    readdirSync(path.join(project, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|js)$/.test(file))
      .map((file) => path.join(project, folder, file)),
  );
}

/** The files that hold the fault's text, once for each time. */
function placesOf({ find }: Fault, copy: string): string[] {
  return sources(copy).flatMap((file) =>
    Array.from({ length: readFileSync(file, "utf8").split(find).length - 1 }, () => file),
  );
}

async function judge(fault: Fault, copy: string, tests: readonly Tested[], all: boolean): Promise<Outcome> {
  const [file, ...others] = placesOf(fault, copy);
  if (file === undefined || others.length > 0)
    return {
      kind: "lost",
      by: `its text stands in ${file ? others.length + 1 : 0} places`,
    };
  const own = all ? tests : tests.filter((test) => isFor(fault, test));
  if (own.length === 0) return { kind: "lost", by: "no test is called that" };
  const broken = own.find(({ failures }) => failures !== undefined);
  if (broken) return { kind: "lost", by: `fails without the fault: ${broken.name}` };
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replace(fault.find, () => fault.replace),
  );
  try {
    return outcomeOf(await run(copy, [...(all ? everyTest : testsFor([fault])), "--bail=1"]));
  } finally {
    writeFileSync(file, text);
  }
}

/** Types, lint, formatting and the list of faults are no tests of the program. */
const everyTest = ["--exclude", "test/check.test.ts", "--exclude", "test/mutants/**"];

/** The arguments that run the tests which should see these faults, and few others. */
function testsFor(faults: readonly Fault[]): string[] {
  const files = new Set(faults.flatMap(({ tests }) => tests));
  const names = faults.map(({ only }) => only).filter((only) => only !== undefined);
  const narrowed = names.length === faults.length ? ["-t", names.map((name) => `(?:${name})`).join("|")] : [];
  return [...files, ...narrowed];
}

/** A test that was run. */
interface Tested {
  /** From the folder of the copy. */
  readonly file: string;
  readonly name: string;
  /** Why it failed; undefined when it passed. */
  readonly failures?: readonly string[];
}

/** Whether a fault names a test as one that should see it. */
function isFor({ tests, only }: Fault, { file, name }: Tested): boolean {
  return tests.some((part) => file.includes(part)) && (only === undefined || new RegExp(only).test(name));
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Runs tests; undefined when they cannot be run. */
async function run(copy: string, args: readonly string[]): Promise<Tested[] | undefined> {
  const report = path.join(copy, "report.json");
  rmSync(report, { force: true });
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  const options = ["--testTimeout=600000", "--reporter=json", `--outputFile=${report}`];
  const child = spawn(process.execPath, [vitest, "run", ...args, ...options], { cwd: copy, stdio: "ignore" });
  await new Promise((end) => child.once("exit", end));
  if (!existsSync(report)) return undefined;
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
  return testResults.flatMap(({ name, message, assertionResults }): Tested[] => {
    const file = path.relative(copy, name);
    if (assertionResults.length === 0) return [{ file, name: `${file} as a whole`, failures: [message] }];
    return assertionResults
      .filter(({ status }) => status === "passed" || status === "failed")
      .map(({ status, fullName, failureMessages }) => ({
        file,
        name: fullName.trim(),
        ...(status === "failed" ? { failures: failureMessages } : {}),
      }));
  });
}

function outcomeOf(tests: readonly Tested[] | undefined): Outcome {
  if (tests === undefined) return { kind: "lost", by: "its tests cannot be run" };
  const failing = tests.filter(({ failures }) => failures !== undefined);
  // Of a file that was cut short by another one's failure there is nothing to say.
  const failed = failing.find(({ failures = [] }) => failures[0] !== "") ?? failing[0];
  if (failed === undefined) return { kind: "unseen", by: `${tests.length} tests passed` };
  const late = failed.failures?.some((message) => /timed out in \d+ms/.test(message)) ?? false;
  return late ? { kind: "lost", by: `took too long: ${failed.name}` } : { kind: "seen", by: failed.name };
}

/** What decides an outcome: the fault and everything that the copy holds of program and tests. */
function keyOf(fault: Fault, project: string, all: boolean): string {
  return createHash("sha256")
    .update(JSON.stringify([fault, all]))
    .update(project)
    .digest("hex");
}

function digestOf(copy: string): string {
  const digest = createHash("sha256");
  for (const part of [...sourceFolders, "test", "stacks"])
    for (const file of readdirSync(path.join(copy, part), { recursive: true, encoding: "utf8" }).toSorted())
      if (/\.(ts|js|yaml|snap)$/.test(file) && !file.startsWith("mutants"))
        digest.update(file).update(readFileSync(path.join(copy, part, file)));
  return digest.digest("hex");
}

/** Tries the faults, and tells what became of each; answers the exit code. */
async function tryFaults({ only = "", all = false, again = false, jobs }: Wish): Promise<number> {
  const known: Record<string, Outcome> =
    !again && existsSync(remembered) ? JSON.parse(readFileSync(remembered, "utf8")) : {};
  const faults = everyFault.filter(({ fault }) => fault.includes(only));
  const atOnce = wholeNumber(commands.mutants, "--jobs", jobs, 64);
  if (faults.length === 0)
    throw new UserError(`No fault has "${only}" in its name: test/mutants has all of them.`);
  const copies = Array.from({ length: Math.min(atOnce, faults.length) }, copyProject);
  process.once("exit", () => {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  const project = digestOf(root);
  const found: [Fault, Outcome][] = [];
  const waiting = [...faults];
  const [anyCopy] = copies;
  if (anyCopy === undefined) return summed(found);
  console.log("First the tests without a fault.");
  const tests = (await run(anyCopy, all ? everyTest : testsFor(faults))) ?? [];

  /** Tries the faults that nobody else tries, one after another. */
  async function work(copy: string): Promise<void> {
    for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
      const key = keyOf(fault, project, all);
      const outcome = known[key] ?? (await judge(fault, copy, tests, all));
      if (outcome.kind !== "lost") known[key] = outcome;
      mkdirSync(path.dirname(remembered), { recursive: true });
      writeFileSync(remembered, JSON.stringify(known));
      found.push([fault, outcome]);
      const line = `${outcome.kind.padEnd(6)} ${fault.property.padEnd(12)} ${fault.fault}`;
      console.log(
        `${String(found.length).padStart(3)} of ${faults.length}  ${line}\n${" ".repeat(31)}${outcome.by}`,
      );
    }
  }

  await Promise.all(copies.map(work));
  return summed(found);
}

/** Prints what became of all faults; answers the exit code. */
function summed(found: readonly (readonly [Fault, Outcome])[]): number {
  const count = (kind: Outcome["kind"]) => found.filter(([, outcome]) => outcome.kind === kind).length;
  console.log(
    `\n${found.length} faults: ${count("seen")} seen, ${count("unseen")} unseen, ${count("lost")} lost.`,
  );
  for (const [fault, { kind, by }] of found.filter(([, outcome]) => outcome.kind !== "seen"))
    console.log(`${kind}: ${fault.fault} (${fault.property}): ${fault.unseen ?? by}`);
  const isBad = ([fault, { kind }]: readonly [Fault, Outcome]) =>
    kind === "lost" || (kind === "unseen" && fault.unseen === undefined);
  return found.some(isBad) ? 1 : 0;
}

export default runCommand(commands.mutants, process.argv.slice(2), ({ values }) => tryFaults(values));
