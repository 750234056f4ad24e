// How the engine names resources: urn:pulumi:<stack>::<project>::<types of the parents and its own>::<name>.

import { oneLine } from "./text.ts";

export const STACK_TYPE = "pulumi:pulumi:Stack";

/** An alias as a program states it: a whole URN, or what differs from the resource's present identity. */
export type Alias =
  | string
  | {
      readonly name?: string;
      readonly type?: string;
      readonly stack?: string;
      readonly project?: string;
      /** URN; null for none. */
      readonly parent?: string | null;
    };

export interface Identity {
  readonly stack: string;
  readonly project: string;
  readonly type: string;
  readonly name: string;
  /** URN of the parent. */
  readonly parent?: string;
}

function part(urn: string, index: number): string {
  return urn.split("::")[index] ?? "";
}

/** The types of the parents and its own, joined by `$`. */
function qualifiedType(urn: string): string {
  return part(urn, 2);
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

export function typeOf(urn: string): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}

export function urnOf({ stack, project, type, name, parent }: Identity): string {
  const parents =
    parent === undefined || qualifiedType(parent) === STACK_TYPE ? "" : `${qualifiedType(parent)}$`;
  return `urn:pulumi:${stack}::${project}::${parents}${type}::${name}`;
}

function urnOfAlias(identity: Identity, alias: Alias): string {
  if (typeof alias === "string") return alias;
  const { parent = identity.parent, ...different } = alias;
  const { parent: _, ...own } = identity;
  return urnOf({ ...own, ...different, ...(parent === undefined || parent === null ? {} : { parent }) });
}

/** The alias that a child gets because its parent has one: a child named after its parent follows the old name. */
function inheritedAlias(child: Identity, parentAlias: string): string {
  const parentName = child.parent === undefined ? "" : nameOf(child.parent);
  const name = child.name.startsWith(parentName)
    ? nameOf(parentAlias) + child.name.slice(parentName.length)
    : child.name;
  return urnOf({ ...child, name, parent: parentAlias });
}

/** Every URN that the resource may have had, by its own aliases and by those of its parent. */
export function aliasUrns(
  identity: Identity,
  aliases: readonly Alias[],
  parentAliases: readonly string[],
): string[] {
  const own = aliases.map((alias) => urnOfAlias(identity, alias));
  const former = own.map((urn) => ({ ...identity, type: typeOf(urn), name: nameOf(urn) }));
  const inherited = parentAliases.flatMap((parent) =>
    [identity, ...former].map((child) => inheritedAlias(child, parent)),
  );
  return [...new Set([...own, ...inherited])];
}

/** A resource in words, on one line: `rds.Instance nango-database`. */
export function titleOf({ type, name }: { readonly type: string; readonly name: string }): string {
  return `${shortType(type)} ${oneLine(name)}`;
}

/** The same, of the resource of a URN. */
export function titleOfUrn(urn: string): string {
  return titleOf({ type: typeOf(urn), name: nameOf(urn) });
}

/** `rds.Instance` for `aws:rds/instance:Instance`, `RandomId` for `random:index/randomId:RandomId`. */
export function shortType(type: string): string {
  const [, module = "", name = ""] = type.split(":");
  const service = module.split("/")[0];
  return service === "index" || service === "providers" || !module.includes("/")
    ? name
    : `${service}.${name}`;
}
