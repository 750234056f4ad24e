// YAML as the Pulumi CLI reads it. What it makes of a text without quotes differs in places from YAML 1.2: it knows dates,
// octal numbers with a leading zero, underscores in numbers, integers of 64 bits, and merged maps.
// https://github.com/go-yaml/yaml/blob/v3.0.1/resolve.go

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  type ScalarTag,
  stringify,
  type Tags,
  type ToStringOptions,
} from "yaml";

/** https://pkg.go.dev/strconv#ParseInt with base 0, and ParseUint, which takes no sign. */
const least = -(2n ** 63n);
const most = 2n ** 64n - 1n;

/** A number of Go's, or the text where it is none. An integer that no number of JavaScript's is comes as a bigint. */
function numberIn(written: string): number | bigint | string {
  const text = written.startsWith(".") ? written : written.replaceAll("_", "");
  const [, sign, prefix, digits] =
    /^([-+]?)(0[xX](?=[\da-fA-F]+$)|0[bB](?=[01]+$)|0[oO]?(?=[0-7]+$)|(?=\d+$))(.+)$/.exec(text) ?? [];
  if (digits !== undefined && (prefix !== "" || !/^0\d/.test(digits))) {
    const whole = BigInt(`${/^0[oO]?$/.test(prefix ?? "") ? "0o" : prefix}${digits}`);
    const value = sign === "-" ? -whole : whole;
    if (value >= least && value <= (sign === "+" ? -least - 1n : most))
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (!/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return written;
  return Number.isFinite(Number(text)) ? Number(text) : written;
}

const number: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?(?:\.\d+|0[xXoObB][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?[\d_]+)?$/,
  resolve: numberIn,
};

/** What Pulumi takes for a number, and cannot store. */
const endless: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve: (text, onError) => {
    onError(`${text} is a number that Pulumi cannot store: write it in quotes`);
    return text;
  },
};

const parts =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}:\d{1,2}:\d{1,2})(\.\d+)?(Z|[-+]\d\d:\d\d)|\s+(\d{1,2}:\d{1,2}:\d{1,2})(\.\d+)?))?$/;

/** A date, as Go prints one: that is the text which reaches a program. */
const date: ScalarTag = {
  tag: "tag:yaml.org,2002:timestamp",
  default: true,
  test: parts,
  resolve: (text) => {
    const [, year = "", month = "", day = "", zoned, zonedPart, zone = "Z", plain = "0:0:0", part] =
      parts.exec(text) ?? [];
    const two = (digits: string) => digits.padStart(2, "0");
    const days = [year, two(month), two(day)].join("-");
    const clock = (zoned ?? plain).split(":").map(two).join(":");
    const moment = new Date(`${days}T${clock}Z`);
    if (Number.isNaN(+moment) || !moment.toISOString().startsWith(days)) return text;
    const fraction = (zonedPart ?? part ?? "").replace(/\.?0+$/, "");
    const offset = zone === "Z" ? "+0000" : zone.replace(":", "");
    return `${days} ${clock}${fraction} ${/^.0+$/.test(offset) ? "+0000 UTC" : `${offset} ${offset}`}`;
  },
};

const customTags = (tags: Tags): Tags => [date, number, endless, ...tags];

/**
 * A character that go-yaml refuses, or takes for the end of a line where YAML 1.2 does not.
 * https://github.com/go-yaml/yaml/blob/v3.0.1/readerc.go
 */
const refused = /[^\t\n\r -~\u00A0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** @throws YAMLError, or another one for what Pulumi alone refuses. */
function documentIn(text: string): Document.Parsed {
  const body = text.replace(/^\uFEFF/, "");
  const [character] = refused.exec(body) ?? [];
  if (character !== undefined) {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const line = body.slice(0, body.indexOf(character)).split("\n").length;
    throw new Error(`line ${line} holds the character U+${code}, which Pulumi does not read: delete it`);
  }
  const document = parseDocument(text, { customTags, merge: true });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  // Pulumi reads no YAML of version 1.2, and that of 1.1 as it reads any.
  if (document.directives?.yaml.explicit === true)
    throw new Error("Pulumi reads YAML by its own rules: remove the line that begins with %YAML");
  return document;
}

/**
 * Reads one document.
 * @throws Error for a text that Pulumi does not read
 */
export function parseAsPulumi(text: string): unknown {
  return documentIn(text).toJS();
}

/** Writes a value so that Pulumi, and whoever reads YAML 1.1, reads the same: a text that they would take for something else stands in quotes. */
export function stringifyForPulumi(value: unknown, options: ToStringOptions = {}): string {
  return stringify(value, { customTags, compat: "yaml-1.1", lineWidth: 0, ...options });
}

/** A document to be changed and written again, in which each scalar is a text: what is not changed stays as it is written. */
export function documentToChange(text: string): Document.Parsed {
  return parseDocument(text, { schema: "failsafe" });
}

/** A value of a stack's file as the text that reaches a program: scalars as they are, lists and maps as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return String(value);
  // The CLI takes a key without a value for an empty text, and warns.
  return value === null ? "" : JSON.stringify(value, nestedValue);
}

/** Inside a list or a map a program reads numbers of JavaScript's. */
const nestedValue = (_: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);

/** A number or a truth value without quotes that reaches a program as another text than the one that is written. */
export interface Reread {
  /** Where it stands: keys of maps and places in lists. */
  readonly path: readonly (string | number)[];
  readonly written: string;
  readonly read: string;
}

/**
 * Each such text below a key of a document, names in maps included.
 * @throws Error for a text that Pulumi does not read
 */
export function rereadIn(text: string, key: string): Reread[] {
  const document = documentIn(text);
  const within = (node: unknown, path: Reread["path"]): Reread[] => {
    if (isAlias(node)) return within(node.resolve(document), path);
    if (isSeq(node)) return node.items.flatMap((item, index) => within(item, [...path, index]));
    if (isScalar(node)) return reread(node, path);
    return isMap(node) ? node.items.flatMap((pair) => withinPair(pair, path)) : [];
  };
  const withinPair = ({ key: name, value }: Pair, path: Reread["path"]): Reread[] => {
    if (!isScalar(name) || name.source === "<<") return within(value, path);
    const at = [...path, name.source ?? textOf(name.value)];
    return [...reread(name, at), ...within(value, at)];
  };
  return within(document.get(key, true), []);
}

function reread({ value, source, type }: Scalar, path: Reread["path"]): Reread[] {
  if (type !== "PLAIN" || source === undefined || typeof value === "string" || value === null) return [];
  const read = path.length > 1 ? nestedText(value) : textOf(value);
  return read === source ? [] : [{ path, written: source, read }];
}

const nestedText = (value: unknown) => String(typeof value === "bigint" ? Number(value) : value);
