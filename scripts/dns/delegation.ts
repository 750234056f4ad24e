import type { CaaRecord } from "node:dns";
import { Resolver } from "node:dns/promises";

/** Asks DNS for the name servers of a name. Rejects as node's resolver does. */
export type ResolveNs = (name: string) => Promise<readonly string[]>;
/** Asks DNS who may issue certificates for a name. Rejects as node's resolver does. */
export type ResolveCaa = (name: string) => Promise<readonly CaaRecord[]>;

/** The resolvers of this machine, which have six seconds at most. */
const resolver = () => new Resolver({ timeout: 3000, tries: 2 });

export const resolveNs: ResolveNs = (name) => resolver().resolveNs(name);
export const resolveCaa: ResolveCaa = (name) => resolver().resolveCaa(name);

/** Whether an error of node's resolver says that there is no such record, and not that nobody answered. */
export function isAbsence(error: unknown): boolean {
  return ["ENOTFOUND", "ENODATA"].includes((error as NodeJS.ErrnoException).code ?? "");
}

/** To which name servers the world is led for a zone, and to which it should be. */
export interface Delegation {
  readonly leads: "here" | "elsewhere" | "unknown";
  /** What to know, in a sentence or two; undefined where all is well. */
  readonly warning?: string;
}

/**
 * What to know when the world asks other name servers for a zone than those that the zone is on: no certificate can be
 * validated then.
 */
export async function delegationOf(
  zone: string,
  wanted: readonly string[],
  resolve: ResolveNs = resolveNs,
): Promise<Delegation> {
  const plain = (names: readonly string[]) =>
    names.map((name) => name.toLowerCase().replace(/\.$/, "")).sort();
  const own = plain(wanted);
  let answered: string[];
  try {
    answered = plain(await resolve(zone));
  } catch (error) {
    if (!isAbsence(error)) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      return {
        leads: "unknown",
        warning: `Whether the world finds the zone ${zone} is not known: DNS did not answer (${code}).`,
      };
    }
    // A network with names of its own alone knows no domain of the world.
    const world = zone.split(".").at(-1) ?? zone;
    const knowsTheWorld = await resolve(world).then(
      () => true,
      () => false,
    );
    if (!knowsTheWorld)
      return {
        leads: "unknown",
        warning: `Whether the world finds the zone ${zone} is not known: the DNS of this network does not know ${world} either.`,
      };
    answered = [];
  }
  if (answered.some((name) => own.includes(name))) return { leads: "here" };
  const others = answered.length === 0 ? "to none at all" : `to ${answered.join(", ")}`;
  return {
    leads: "elsewhere",
    warning:
      `The world does not find the zone ${zone}: it is delegated ${others}, and lies on ${own.join(", ")}. Certificates ` +
      "cannot be validated until these are its name servers at the registrar, or at the DNS of the domain above.",
  };
}
