import { readScript } from "./script-file.ts";
import type { Environment } from "./environment.ts";

/** The programs that run in Nango's image besides Nango's own. */
export type TaskScript = "write-certificates" | "redis" | "logs-store" | "migrate";

/**
 * What has to be proved to work before the migration: a server that Redis or the logs store refuses neither works nor
 * exits. https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/clients/publisher.client.ts#L241-L250
 */
export function proofsBeforeMigration({
  plain,
  secret,
}: Environment<unknown>): readonly ("redis" | "logs-store")[] {
  return [
    ...("NANGO_REDIS_URL" in secret ? (["redis"] as const) : []),
    ...(plain["NANGO_LOGS_ENABLED"] === "true" ? (["logs-store"] as const) : []),
  ];
}

/**
 * A command that runs one of them. The image holds no file of ours, so the program itself is the argument, and it finds
 * Nango's packages from the image's working directory.
 */
export function taskCommand(script: TaskScript): string[] {
  const source = readScript(new URL(`tasks/${script}.js`, import.meta.url));
  return ["node", "--input-type=module", "-e", source];
}
