import type { Result } from "../checks/check.ts";
import { checksForPrograms, isHealthy, type Telling } from "../checks/report.ts";

/** How `npm run preflight` tells of what it found. */
export const telling: Telling = { page: "docs/preflight.md", bad: "in the way" };

/** What was found, for programs. */
export function json(stack: string, results: readonly Result[]): string {
  const checks = checksForPrograms(telling.page, results);
  return `${JSON.stringify({ stack, ready: isHealthy(results), checks }, null, 2)}\n`;
}
