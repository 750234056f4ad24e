// YAML as the Pulumi CLI reads it. What it makes of a text without quotes differs in places from YAML 1.2: it knows dates,
// octal numbers with a leading zero, underscores in numbers, and merged maps.
// https://github.com/go-yaml/yaml/blob/v3.0.1/resolve.go

import { parse, type ScalarTag } from "yaml";

/** Numbers that YAML 1.2 takes for a text, or for another number. */
const number: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?(?:0[0-7_]+|0b[01_]+|0[xo][\da-fA-F_]+|\d[\d_]*_[\d_]*(?:\.\d*)?)$/,
  resolve: (text) => {
    const [, sign, digits = ""] = /^([-+]?)(.*)$/.exec(text.replaceAll("_", "")) ?? [];
    const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
    return sign === "-" ? -value : value;
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

/**
 * Reads one document.
 * @throws YAMLError for a text that is none
 */
export function parseAsPulumi(text: string): unknown {
  return parse(text, { customTags: (tags) => [number, date, ...tags], merge: true });
}
