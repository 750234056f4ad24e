// How policies read resources.

import { isRecord, parsePath, strings, UNKNOWN, valueAt } from "../project/values.ts";
import type { Resource, Stack, Verdict } from "./policy.ts";

export const violation = (violates: string): Verdict => ({ violates });

/** What stands at a path of the inputs. */
export function input({ inputs }: Resource, path: string): unknown {
  return valueAt(inputs, parsePath(path));
}

/** The verdict on an input: none where it is right, and none against it where it is not known yet. */
export function required(
  resource: Resource,
  path: string,
  isRight: (value: unknown) => boolean,
  otherwise: string,
): Verdict[] {
  const value = input(resource, path);
  if (value === UNKNOWN) return [{ unknown: path }];
  return isRight(value) ? [] : [violation(otherwise)];
}

export const isTrue = (value: unknown) => value === true || value === "true";
export const isFalse = (value: unknown) => value === false || value === "false";

/** The items of a list of objects; empty where there is no list. */
export function records(value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : [value]).filter(isRecord);
}

/** The texts of a list, or of a text alone. */
export function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string");
}

export const ofType = ({ resources }: Stack, ...types: readonly string[]): Resource[] =>
  resources.filter(({ type }) => types.includes(type));

/**
 * The resources of some types that a property names, by its value, or by what it comes from where the value is not known
 * yet. Undefined where neither is known.
 */
export function namedBy(
  stack: Stack,
  resource: Resource,
  property: string,
  ...types: readonly string[]
): Resource[] | undefined {
  const candidates = ofType(stack, ...types);
  const values = strings(input(resource, property)).map(([, text]) => text);
  const named = candidates.filter(({ id, outputs }) =>
    [id, outputs["id"], outputs["arn"]].some(
      (name) => typeof name === "string" && name !== UNKNOWN && values.includes(name),
    ),
  );
  if (named.length > 0 && !values.includes(UNKNOWN)) return named;
  const behind = resource.propertyDependencies[property] ?? [];
  const source = candidates.filter(({ urn }) => behind.includes(urn));
  if (source.length > 0) return source;
  return values.includes(UNKNOWN) ? undefined : named;
}
