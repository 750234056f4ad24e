import { Resolver } from "node:dns/promises";

/** Asks DNS for the name servers of a name. Rejects as node's resolver does. */
export type ResolveNs = (name: string) => Promise<readonly string[]>;

/** Asks the resolvers of this machine, for six seconds at most. */
export const resolveNs: ResolveNs = (name) => new Resolver({ timeout: 3000, tries: 2 }).resolveNs(name);

/**
 * What to know when the world asks other name servers for a zone than those that the zone is on: no certificate can be
 * validated then. Undefined where all is well.
 */
export async function delegationWarning(
  zone: string,
  wanted: readonly string[],
  resolve: ResolveNs = resolveNs,
): Promise<string | undefined> {
  const plain = (names: readonly string[]) =>
    names.map((name) => name.toLowerCase().replace(/\.$/, "")).sort();
  const own = plain(wanted);
  let answered: string[];
  try {
    answered = plain(await resolve(zone));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code !== "ENOTFOUND" && code !== "ENODATA")
      return `Whether the world finds the zone ${zone} is not known: DNS did not answer (${code || String(error)}).`;
    answered = [];
  }
  if (answered.some((name) => own.includes(name))) return undefined;
  const others = answered.length === 0 ? "to none at all" : `to ${answered.join(", ")}`;
  return (
    `The world does not find the zone ${zone}: it is delegated ${others}, and lies on ${own.join(", ")}. Certificates ` +
    "cannot be validated until these are its name servers at the registrar, or at the DNS of the domain above."
  );
}
