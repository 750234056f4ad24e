import type { CommandLine } from "../../project/command.ts";
import { bareStackName, readProject } from "../../project/project.ts";
import { rehearse } from "../../rehearsal/rehearse.ts";
import type { Result } from "../checks/check.ts";
import { isHealthy, type Screen, table } from "../checks/report.ts";
import { resolveCaa, resolveNs } from "../dns/delegation.ts";
import { registryAt } from "../registry/manifest.ts";
import type { preflight as command } from "./arguments.ts";
import { preflight, type Surroundings } from "./preflight.ts";
import { json, telling } from "./telling.ts";

/** What a command line runs in. */
export interface Run extends Partial<Surroundings> {
  /** The project's folder. */
  readonly directory: string;
  readonly screen: Screen;
}

/** The machine's own. */
export const standardSurroundings: Surroundings = {
  canAsk: false,
  rehearsing: rehearse,
  network: { resolveNs, resolveCaa, registry: registryAt() },
};

/** Runs `npm run preflight`: what it prints, and its exit code. */
export async function preflighted(
  { values, positionals: [stack = ""] }: CommandLine<(typeof command)["flags"]>,
  { directory, screen, ...surroundings }: Run,
): Promise<{ readonly output: string; readonly exitCode: 0 | 1 }> {
  const results = await preflight(readProject(directory), stack, {
    ...standardSurroundings,
    ...surroundings,
  });
  const name = bareStackName(stack);
  return {
    output:
      values.json === true ? json(name, results) : table(telling, headingOf(name, results), results, screen),
    exitCode: isHealthy(results) ? 0 : 1,
  };
}

function headingOf(stack: string, results: readonly Result[]): string {
  const isReady = isHealthy(results);
  return isReady ? `Nothing is in the way of npm run up -- ${stack}` : `npm run up -- ${stack} would fail`;
}
