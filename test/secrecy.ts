import { apiKeyFrom } from "../infra/nango/api-key.ts";
import { encryptionKeyFrom } from "../infra/nango/encryption-key.ts";
import type { Rehearsal } from "../rehearsal/rehearse.ts";
import { isRecord, pathText } from "../project/values.ts";

/** A secret of a rehearsed stack. */
interface Secret {
  readonly what: string;
  readonly text: string;
  /** Whether a part of it gives it away: it is random, so that no part stands anywhere by chance. */
  readonly random: boolean;
}

/** A text that Pulumi keeps or shows without encrypting it, and where it stands. */
type Shown = readonly [where: string, text: string];

type Path = readonly (string | number)[];

/** The texts and the keys in a value, each with its path. */
function textsAndKeys(value: unknown, path: Path = []): [path: Path, text: string, isKey: boolean][] {
  if (typeof value === "string") return [[path, value, false]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsAndKeys(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]): ReturnType<typeof textsAndKeys> => [
    [[...path, key], key, true],
    ...textsAndKeys(item, [...path, key]),
  ]);
}

const isAtOrBelow = (path: string, outer: string) =>
  outer === "" || path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);

function split(value: unknown, marks: readonly string[]): { open: Shown[]; marked: string[] } {
  const all = textsAndKeys(value).map(([path, text, isKey]) => ({ where: pathText(path), text, isKey }));
  const isMarked = ({ where }: { where: string }) => marks.some((mark) => isAtOrBelow(where, mark));
  return {
    open: all.filter((one) => !isMarked(one)).map(({ where, text }) => [where, text]),
    marked: all.filter((one) => !one.isKey && isMarked(one)).map(({ text }) => text),
  };
}

/** What a text consists of, when it is the JSON of several, a URL with a password or a line `NAME=value`. */
function partsOf(text: string): string[] {
  if (text.startsWith("{")) {
    const value = JSON.parse(text) as Record<string, unknown>;
    return [text, ...Object.values(value).flatMap((part) => partsOf(String(part)))];
  }
  const [, value] = /^[A-Z_a-z.]+=(.*)$/s.exec(text) ?? [];
  if (value !== undefined) return partsOf(value);
  const [, password] = /:\/\/[^:/]*:([^@]+)@/.exec(text) ?? [];
  return password === undefined ? [text] : [text, password, decodeURIComponent(password)];
}

/** Everything that only its owner may see: what the stack was given, what was generated, and what is derived from that. */
function secretsOf(rehearsal: Rehearsal, given: Readonly<Record<string, string>>): Secret[] {
  const generated = rehearsal.resources
    .filter(({ type }) => type.endsWith(":RandomPassword"))
    .flatMap(({ name, outputs }) => {
      const result = String(outputs["result"]);
      const of = (what: string, text: string) => ({ what: `${what} of ${name}`, text, random: true });
      return [of("result", result), of("key", encryptionKeyFrom(result)), of("API key", apiKeyFrom(result))];
    });
  const marked = rehearsal.resources.flatMap(({ name, inputs, secretInputs, outputs, secretOutputs }) =>
    [...split(inputs, secretInputs).marked, ...split(outputs, secretOutputs).marked]
      .flatMap(partsOf)
      .map((text) => ({ what: `a secret of ${name}`, text, random: false })),
  );
  const chosen = Object.entries(given).flatMap(([key, text]) =>
    partsOf(text).map((part) => ({ what: `the given ${key}`, text: part, random: false })),
  );
  // The certificate of a server's authority is public; a word such as "true" stands everywhere.
  const counts = ({ text }: Secret) => text.length > 8 && !text.startsWith("-----BEGIN CERTIFICATE");
  return [...generated, ...marked, ...chosen].filter(counts);
}

/** The texts from which a secret can be read. */
function formsOf({ text }: Secret): string[] {
  const bytes = Buffer.from(text);
  const decoded = Buffer.from(text, "base64");
  const isBase64 = text.length >= 24 && decoded.toString("base64") === text;
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    ...(["base64", "base64url", "hex"] as const).map((encoding) => bytes.toString(encoding)),
    ...(isBase64 ? [decoded.toString("hex"), decoded.toString("base64url")] : []),
  ].map((form) => form.replace(/=+$/, ""));
}

const pieceLength = 12;

function pieces(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - pieceLength + 1) }, (_, start) =>
    text.slice(start, start + pieceLength),
  );
}

/** Everything that the engine would keep or show in the clear, and every container's plain environment. */
function shown(rehearsal: Rehearsal): Shown[] {
  const { resources, outputs, secretOutputs, messages, findings, hookRuns, program } = rehearsal;
  const ofResources = resources.flatMap((resource): Shown[] => {
    const { urn, name, id = "", type, inputs, secretInputs } = resource;
    // Whoever may describe a task definition reads it all, whatever Pulumi thinks of it.
    const marks = type === "aws:ecs/taskDefinition:TaskDefinition" ? [] : secretInputs;
    const open = [
      ...split(inputs, marks).open.map(([path, text]): Shown => [`input ${path}`, text]),
      ...split(resource.outputs, resource.secretOutputs).open.map(([path, text]): Shown => [
        `output ${path}`,
        text,
      ]),
    ];
    const all: Shown[] = [...open, ["ID", id], ["URN", urn]];
    return all.map(([where, text]): Shown => [`${type} ${name}: ${where}`, text]);
  });
  return [
    ...ofResources,
    ...split(outputs, secretOutputs).open.map(([path, text]): Shown => [`stack output ${path}`, text]),
    ...messages.map(({ text }): Shown => ["message", text]),
    ...rehearsal.debugMessages.map((text): Shown => ["debug message", text]),
    ...findings.map(({ message }): Shown => ["finding", message]),
    ...hookRuns.map(({ hook, error = "" }): Shown => [`hook ${hook}`, error]),
    ["program", program.message ?? ""],
  ];
}

/** Where a rehearsed stack shows a secret, each as `where: what`. */
export function leaks(rehearsal: Rehearsal, given: Readonly<Record<string, string>>): string[] {
  return leaksIn(shown(rehearsal), rehearsal, given);
}

/** Where texts show a secret of a rehearsed stack. */
export function leaksIn(
  texts: readonly Shown[],
  rehearsal: Rehearsal,
  given: Readonly<Record<string, string>>,
): string[] {
  const whole = new Map<string, string>();
  const parts = new Map<string, string>();
  for (const secret of secretsOf(rehearsal, given)) {
    for (const form of formsOf(secret)) {
      if (secret.random) for (const piece of pieces(form)) parts.set(piece, secret.what);
      else whole.set(form, secret.what);
    }
  }
  const found = texts.flatMap(([where, text]) => {
    const entire = [...whole].filter(([form]) => text.includes(form)).map(([, what]) => what);
    const partly = pieces(text).flatMap((piece) => parts.get(piece) ?? []);
    return [...entire, ...partly].map((what) => `${where}: ${what}`);
  });
  return [...new Set(found)];
}

/** The inputs that are marked as secret, each as `type property`: where a secret goes, encrypted or not at its end. */
export function secretPlaces(rehearsal: Rehearsal): string[] {
  const places = rehearsal.resources.flatMap(({ type, custom, secretInputs }) =>
    custom
      ? secretInputs.map((path) => `${type.split(":").at(-1)} ${path.replaceAll(/\[\d+\]/g, "[]")}`)
      : [],
  );
  return [...new Set(places)];
}
