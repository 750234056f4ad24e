// Measures what `npm start` takes, against what Pulumi's SDK alone takes under the same rehearsal.

import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CommandLine } from "../project/command.ts";
import { runCommand } from "../project/run-command.ts";
import { wholeNumber } from "../project/whole-number.ts";
import { runProgram } from "../rehearsal/program.ts";
import { rehearse } from "../rehearsal/rehearse.ts";
import { measure, median, type Run, type Subject } from "./bench/measure.ts";
import { partsOf } from "./bench/profile.ts";
import { commands } from "./commands.ts";

type Wish = CommandLine<typeof commands.bench.flags>["values"];

const root = path.resolve(import.meta.dirname, "..");
const start = ["project/run.mjs", "rehearsal/main.ts"];

/** A copy of the project whose program declares nothing. */
function emptyProject(): string {
  const copy = mkdtempSync(path.join(tmpdir(), "empty-"));
  for (const part of ["infra", "policy", "project", "rehearsal", "stacks", "Pulumi.yaml", "package.json"])
    cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"), "junction");
  writeFileSync(path.join(copy, "infra/index.ts"), 'import "@pulumi/pulumi";\nexport default {};\n');
  return copy;
}

const seconds = (runs: readonly Run[]) => median(runs.map((run) => run.seconds));

/** The middle of the ratios of each round, so that a moment in which the machine is busy counts for both. */
function ratio(runs: readonly Run[], to: readonly Run[]): number {
  return median(runs.map((run, round) => run.seconds / (to[round]?.seconds ?? Number.NaN)));
}

function line(name: string, runs: readonly Run[], compared: string): string {
  const [{ peak } = { peak: undefined }] = runs;
  const memory = peak === undefined ? "" : `${Math.round(peak)} MiB`;
  return `${name.padEnd(34)} ${`${seconds(runs).toFixed(2)} s`.padStart(7)} ${memory.padStart(8)}  ${compared}`;
}

async function bench({ rounds: given }: Wish): Promise<number> {
  const rounds = wholeNumber(commands.bench, "--rounds", given, 1000);
  const empty = emptyProject();
  const subject = (name: string, cwd: string, ...args: string[]): Subject => ({ name, cwd, args });
  const all = {
    sdk: subject("node and @pulumi/pulumi alone", root, "-e", 'require("@pulumi/pulumi")'),
    empty: subject("an empty program, rehearsed", empty, ...start, "dev"),
    dev: subject("npm start -- dev", root, ...start, "dev"),
    largest: subject("npm start -- search", root, ...start, "search", "--set", "size=large"),
    change: subject("npm start -- dev --change ...", root, ...start, "dev", "--change", "size=medium"),
  };
  try {
    const runs = await measure(Object.values(all), rounds);
    const of = (key: keyof typeof all) => runs.get(all[key]) ?? [];
    const times = (a: keyof typeof all, b: keyof typeof all) => ratio(of(a), of(b)).toFixed(2);
    console.log(
      `The middle of ${rounds} rounds; ratios are those of the same round. Node ${process.version}.\n`,
    );
    console.log(line(all.sdk.name, of("sdk"), ""));
    console.log(line(all.empty.name, of("empty"), ""));
    console.log(line(all.dev.name, of("dev"), `${times("dev", "empty")} times the empty program`));
    console.log(
      line(`${all.largest.name}, size large`, of("largest"), `${times("largest", "dev")} times dev`),
    );
    console.log(line(all.change.name, of("change"), `${times("change", "dev")} times dev`));
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
  await showProfile();
  return 0;
}

async function showProfile(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "profile-"));
  try {
    const nodeArguments = ["--cpu-prof", `--cpu-prof-dir=${folder}`];
    await rehearse({
      stack: "dev",
      run: (options) => runProgram({ ...options, project: { ...options.project, nodeArguments } }),
    });
    console.log("\nWhere the time of the program's process goes, for dev, in milliseconds:\n");
    for (const [part, milliseconds] of partsOf(folder).slice(0, 12))
      console.log(`${milliseconds.toFixed(0).padStart(6)}  ${part}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export default runCommand(commands.bench, process.argv.slice(2), ({ values }) => bench(values));
