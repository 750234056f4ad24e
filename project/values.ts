// Property values as they travel between a program and Pulumi's engine: JSON in which a marked object stands for a
// secret or for a reference to a resource, and one well-known string for "not known yet".
// https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/runtime/rpc.ts

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** What a recorded value says where only a deployment can know the value. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The properties of a resource, by name. */
export type Properties = Readonly<Record<string, unknown>>;

type Path = readonly (string | number)[];

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a list or a map says that is JSON in a text; undefined for any other text. */
export function json(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** A property that is a number, or text that is one; undefined for any other. */
export function numberIn(inputs: Properties, property: string): number | undefined {
  const value = inputs[property];
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A value that is marked as secret. */
export function secret(value: unknown): Properties {
  return { [SIGNATURE]: SECRET, value };
}

export function isSecret(value: unknown): value is Record<string, unknown> & { value: unknown } {
  return isRecord(value) && value[SIGNATURE] === SECRET;
}

/** `a.b[0]["c.d"]`: the notation of Pulumi's own property paths. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[\w$-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** The steps of a property path: the inverse of `pathText`. */
export function parsePath(text: string): Path {
  const steps = text.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g);
  return Array.from(steps, ([, index, quoted, word = ""]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? word : String(JSON.parse(quoted));
  });
}

/** Rebuilds a value from its inside: `visit` answers a replacement, or undefined to go on inside. */
function rebuild(
  value: unknown,
  visit: (value: unknown, path: Path) => { value: unknown } | undefined,
  path: Path = [],
): unknown {
  const replacement = visit(value, path);
  if (replacement) return replacement.value;
  if (Array.isArray(value)) return value.map((item, index) => rebuild(item, visit, [...path, index]));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, rebuild(item, visit, [...path, key])]),
  );
}

/** The value without marks: secrets and outputs bare, a resource as its id (a component as its URN). */
export function plain(value: unknown): unknown {
  return rebuild(value, (inner) => {
    if (isSecret(inner)) return { value: plain(inner.value) };
    if (isRecord(inner) && inner[SIGNATURE] === OUTPUT)
      return { value: "value" in inner ? plain(inner["value"]) : UNKNOWN };
    if (isRecord(inner) && inner[SIGNATURE] === RESOURCE)
      return { value: "id" in inner ? (inner["id"] ?? UNKNOWN) : inner["urn"] };
    return undefined;
  });
}

/** The path of each secret in a value. */
export function secretPaths(value: unknown): string[] {
  const paths: string[] = [];
  rebuild(value, (inner, path) => {
    if (!isSecret(inner)) return undefined;
    paths.push(pathText(path));
    return { value: null };
  });
  return paths;
}

function replaceAt(value: unknown, paths: readonly string[], replace: (value: unknown) => unknown): unknown {
  const wanted = new Set(paths);
  return rebuild(value, (inner, path) =>
    wanted.has(pathText(path)) ? { value: replace(inner) } : undefined,
  );
}

/** Puts the marks back that `plain` took away: the values at the paths become secret. */
export function withSecrets(value: Properties, paths: readonly string[]): Properties {
  return replaceAt(value, paths, secret) as Properties;
}

/** For people to read: what is secret or unknown is replaced by words. */
export function masked(value: Properties, secrets: readonly string[]): Properties {
  const withoutSecrets = replaceAt(value, secrets, () => "(secret)");
  return rebuild(withoutSecrets, (inner) =>
    inner === UNKNOWN ? { value: "(known after deployment)" } : undefined,
  ) as Properties;
}

/** Every string in a value with its path, keys excluded. */
export function strings(value: unknown): [path: string, text: string][] {
  const found: [string, string][] = [];
  rebuild(value, (inner, path) => {
    if (typeof inner === "string") found.push([pathText(path), inner]);
    return undefined;
  });
  return found;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** What stands at a path. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (isContainer(inner) ? Reflect.get(inner, step) : undefined),
    value,
  );
}

/** A copy with the values that another one has at the paths: without them, where the other one has none. */
export function withValuesOf(value: Properties, other: Properties, paths: readonly Path[]): Properties {
  const copy = structuredClone(value);
  for (const path of paths) {
    const holder = valueAt(copy, path.slice(0, -1));
    const step = path.at(-1);
    if (!isContainer(holder) || step === undefined) continue;
    const wanted = valueAt(other, path);
    if (wanted === undefined) Reflect.deleteProperty(holder, step);
    else Reflect.set(holder, step, wanted);
  }
  return copy;
}
