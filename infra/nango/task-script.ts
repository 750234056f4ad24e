import { readScript } from "./script-file.ts";
import type { Environment } from "./environment.ts";

/** The programs that run in Nango's image besides Nango's own. */
export type TaskScript = "write-certificates" | "redis" | "logs-store" | "migrate";

/** The volume's folder in which `write-certificates` puts what databases are verified with. */
export const certificatesFolder = "/certificates";
/** The file that it writes, and that the server reads. */
export const certificatesFile = `${certificatesFolder}/databases.pem`;

/** A step before the migration. */
export type Proof = "redis" | "logs-store";

/**
 * What has to be proved to work before the migration: a server that Redis or the logs store refuses neither works nor
 * exits. https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/clients/publisher.client.ts#L241-L250
 */
export function proofsBeforeMigration({ plain, secret }: Environment<unknown>): readonly Proof[] {
  return [
    ...("NANGO_REDIS_URL" in secret ? (["redis"] as const) : []),
    ...(plain["NANGO_LOGS_ENABLED"] === "true" ? (["logs-store"] as const) : []),
  ];
}

/** What each of them reads. */
const readBy: Readonly<Record<Proof, RegExp>> = { redis: /^NANGO_REDIS_/, "logs-store": /^NANGO_LOGS_/ };

/** The part of the server's environment that a proof reads, and what node itself does. */
export function proofEnvironment<Value>(
  proof: Proof,
  { plain, secret }: Environment<Value>,
): Environment<Value> {
  const part = <T>(variables: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(variables).filter(([name]) => readBy[proof].test(name) || name.startsWith("NODE_")),
    );
  return { plain: part(plain), secret: part(secret) };
}

/**
 * A command that runs one of them. The image holds no file of ours, so the program itself is the argument, and it finds
 * Nango's packages from the image's working directory. Comments that have lines of their own stay behind: a task
 * definition has room for little.
 */
export function taskCommand(script: TaskScript): string[] {
  const source = readScript(new URL(`tasks/${script}.js`, import.meta.url));
  const lean = source
    .replace(/^[ \t]*(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/|\/\/.*)\n/gm, "")
    .replace(/\n{2,}/g, "\n");
  return ["node", "--input-type=module", "-e", lean];
}
