// How policies read resources.

import { isRecord, parsePath, UNKNOWN, valueAt, json } from "../project/values.ts";
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
 * The resources of some types that a property names, by what it comes from or by its value.
 * Undefined where neither is known.
 */
export function namedBy(
  stack: Stack,
  resource: Resource,
  property: string,
  ...types: readonly string[]
): Resource[] | undefined {
  const behind = resource.propertyDependencies[property] ?? [];
  const candidates = ofType(stack, ...types);
  const found = candidates.filter(({ urn }) => behind.includes(urn));
  if (found.length > 0) return found;
  const values = texts(input(resource, property));
  if (values.includes(UNKNOWN)) return undefined;
  return candidates.filter(
    ({ id, outputs }) =>
      values.includes(id ?? "") ||
      values.includes(String(outputs["id"])) ||
      values.includes(String(outputs["arn"])),
  );
}

/** A container as ECS reads it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly entryPoint: readonly string[];
  readonly essential: boolean;
  /** By name. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the variables that it is given from a store of secrets. */
  readonly secrets: readonly string[];
  readonly hasHealthCheck: boolean;
  readonly hasPort: boolean;
  readonly hasInit: boolean;
  readonly isReadOnly: boolean;
  readonly isPrivileged: boolean;
  readonly hasLogs: boolean;
  readonly logOptions: Readonly<Record<string, unknown>>;
}

const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

function containerOf(given: Record<string, unknown>): Container {
  const { linuxParameters, logConfiguration, healthCheck } = given;
  const options = isRecord(logConfiguration) ? logConfiguration["options"] : undefined;
  return {
    name: String(given["name"]),
    image: String(given["image"]),
    command: texts(given["command"]),
    entryPoint: texts(given["entryPoint"]),
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    essential: given["essential"] !== false,
    environment: Object.fromEntries(
      records(given["environment"]).map(({ name, value }) => [String(name), String(value)]),
    ),
    secrets: records(given["secrets"]).map(({ name }) => String(name)),
    hasHealthCheck: isRecord(healthCheck) && texts(healthCheck["command"])[0] !== "NONE",
    hasPort: records(given["portMappings"]).length > 0,
    hasInit: isRecord(linuxParameters) && linuxParameters["initProcessEnabled"] === true,
    isReadOnly: given["readonlyRootFilesystem"] === true,
    isPrivileged: given["privileged"] === true,
    hasLogs: isRecord(logConfiguration),
    logOptions: isRecord(options) ? options : {},
  };
}

/** The containers of a task definition; empty for any other resource, undefined where they are not known. */
export function containersOf({ type, inputs }: Resource): Container[] | undefined {
  if (type !== TASK_DEFINITION) return [];
  const definitions = inputs["containerDefinitions"];
  if (definitions === UNKNOWN) return undefined;
  return records(json(definitions)).map(containerOf);
}

/** The verdicts on each container of a task definition. */
export function onContainers(
  resource: Resource,
  judge: (container: Container) => readonly string[],
): Verdict[] {
  const containers = containersOf(resource);
  if (containers === undefined) return [{ unknown: "containerDefinitions" }];
  return containers.flatMap((container) =>
    judge(container).map((why) => violation(`container ${container.name} ${why}`)),
  );
}
