import type { Result } from "../checks/check.ts";
import { checksForPrograms, isHealthy, type Telling } from "../checks/report.ts";

/** How `npm run doctor` tells of what it found. */
export const telling: Telling = { page: "docs/doctor.md", bad: "broken" };

/** What was found, for programs. */
export function json(url: string, results: readonly Result[]): string {
  const checks = checksForPrograms(telling.page, results);
  return `${JSON.stringify({ url, healthy: isHealthy(results), checks }, null, 2)}\n`;
}
