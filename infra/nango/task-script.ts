import { readFileSync } from "node:fs";

/** The programs that run in Nango's image besides Nango's own. */
export type TaskScript = "write-certificates" | "logs-store" | "migrate";

/**
 * A command that runs one of them. The image holds no file of ours, so the program itself is the argument, and it finds
 * Nango's packages from the image's working directory.
 */
export function taskCommand(script: TaskScript): string[] {
  const source = readFileSync(new URL(`tasks/${script}.js`, import.meta.url), "utf8");
  return ["node", "--input-type=module", "-e", source];
}
