import { expect, test } from "vitest";
import { documentToChange, parseAsPulumi, rereadIn, stringifyForPulumi, textOf } from "../../project/yaml.ts";

/** What stands in a stack's file, and the text that `pulumi config --json` of version 3.274.1 shows for it. */
const seen = {
  yes: "yes",
  On: "On",
  "0123": "83",
  "089": "89",
  "0o17": "15",
  "0o_7": "7",
  "0x10": "16",
  "0x1_0": "16",
  "0b11": "3",
  "0b1_1": "3",
  "1_000": "1000",
  "1__0": "10",
  "1_000.5": "1000.5",
  "09_1": "91",
  "0_1": "1",
  _1: "_1",
  "1e3": "1000",
  "1.50": "1.5",
  ".5": "0.5",
  "-0123": "-83",
  "+010": "8",
  "08:30": "08:30",
  "190:20:30": "190:20:30",
  True: "true",
  y: "y",
  "123456789012": "123456789012",
  "12345678901234567": "12345678901234567",
  "-9223372036854775808": "-9223372036854775808",
  "-9223372036854775809": "-9223372036854776000",
  "18446744073709551615": "18446744073709551615",
  "+18446744073709551615": "18446744073709552000",
  "18446744073709551616": "18446744073709552000",
  "0x7fffffffffffffff": "9223372036854775807",
  "0xffffffffffffffffff": "0xffffffffffffffffff",
  "0777777777777777777777": "9223372036854775807",
  "1e400": "1e400",
  "0o18": "0o18",
  "0X10": "16",
  "0B1": "1",
  "0O7": "7",
  "1e1_0": "10000000000",
  "1_0e3": "10000",
  "1.5_0": "1.5",
  ".5_0": ".5_0",
  "2026-11-27": "2026-11-27 00:00:00 +0000 UTC",
  "2026-2-3": "2026-02-03 00:00:00 +0000 UTC",
  "2026-02-31": "2026-02-31",
  "2026-11-26T08:00:00Z": "2026-11-26 08:00:00 +0000 UTC",
  "2026-11-26T08:00:00.250Z": "2026-11-26 08:00:00.25 +0000 UTC",
  "2026-11-26T08:00:00.123456789Z": "2026-11-26 08:00:00.123456789 +0000 UTC",
  "2026-11-26T08:00:00+02:00": "2026-11-26 08:00:00 +0200 +0200",
  "2026-11-26T08:00:00-00:00": "2026-11-26 08:00:00 +0000 UTC",
  "2026-11-26 08:00:00": "2026-11-26 08:00:00 +0000 UTC",
  "2026-11-26T08:00:00": "2026-11-26T08:00:00",
  "2026-11-26 08:00:00Z": "2026-11-26 08:00:00Z",
  "2026-11-26t8:00:00z": "2026-11-26t8:00:00z",
  '"0123"': "0123",
  '"2026-11-27"': "2026-11-27",
  "!!str 2026-11-27": "2026-11-27",
};

test.each(Object.entries(seen))("%s is read as %s", (written, text) => {
  expect(textOf(parseAsPulumi(written))).toBe(text);
});

test("in lists and maps, too, and maps are merged", () => {
  expect(parseAsPulumi("[yes, 0123, ~, 2026-11-27]")).toEqual([
    "yes",
    83,
    null,
    "2026-11-27 00:00:00 +0000 UTC",
  ]);
  expect(parseAsPulumi("a: &a {x: 1}\nb: {<<: *a, y: 010}")).toEqual({ a: { x: 1 }, b: { x: 1, y: 8 } });
});

test("what reaches a program of a list or a map is JSON, and of a key without a value nothing", () => {
  expect(textOf(parseAsPulumi("{a: [~, 12345678901234567]}"))).toBe('{"a":[null,12345678901234568]}');
  expect(textOf(parseAsPulumi("~"))).toBe("");
});

test.each([
  ["k: .inf", ".inf is a number that Pulumi cannot store: write it in quotes"],
  ["k: -.INF", "-.INF is a number"],
  ["k: .nan", ".nan is a number"],
  ["a: x\nk: x\u2028y", "line 2 holds the character U+2028, which Pulumi does not read: delete it"],
  ["k: x\u0007", "the character U+0007"],
  ["k: x\u007f", "the character U+007F"],
  ["k: x\ufeff", "the character U+FEFF"],
  ["%YAML 1.2\n---\nk: x", "remove the line that begins with %YAML"],
])("what Pulumi does not read is refused: %j", (text, message) => {
  expect(() => parseAsPulumi(text)).toThrow(message);
});

test("a byte order mark at the beginning, line ends of Windows and any letters are read", () => {
  expect(parseAsPulumi("\ufeffk: ä😀\u00a0\r\nl: |\r\n  1\r\n  2\r\n")).toEqual({
    k: "ä😀\u00a0",
    l: "1\n2\n",
  });
});

test("texts that are read as others are found, by where they stand", () => {
  const text = [
    "x: &x 0777",
    "config:",
    "  a: 010",
    "  b: {t: {c: 1.50, d: yes, e: True, f: '010', g: 12, h: ~, i: *x, 01: 2026-11-27}}",
    "  l: [1, 1e3]",
    "  n: 12345678901234567",
    "  m: {n: 12345678901234567}",
  ].join("\n");
  expect(rereadIn(text, "config")).toEqual([
    { path: ["a"], written: "010", read: "8" },
    { path: ["b", "t", "c"], written: "1.50", read: "1.5" },
    { path: ["b", "t", "e"], written: "True", read: "true" },
    { path: ["b", "t", "i"], written: "0777", read: "511" },
    { path: ["b", "t", "01"], written: "01", read: "1" },
    { path: ["l", 1], written: "1e3", read: "1000" },
    { path: ["m", "n"], written: "12345678901234567", read: "12345678901234568" },
  ]);
  expect(rereadIn("x: 010", "config")).toEqual([]);
});

test("what is written is read again as it is", () => {
  const texts = [...Object.keys(seen), ".inf", "~", "null", "a: b", "- x", "203.0.113.0/24", "yes", "x #y"];
  expect(parseAsPulumi(stringifyForPulumi({ texts }))).toEqual({ texts });
  expect(stringifyForPulumi(["203.0.113.0/24", "1a", "eu-west-1"])).toBe(
    "- 203.0.113.0/24\n- 1a\n- eu-west-1\n",
  );
});

test("a document that is changed keeps everything else as it is written", () => {
  const text =
    "# What.\na: 0123 # Why.\nb: 2026-11-27\nc: 1_000\nd: ~\ne:\nf: &f {x: [1, '2', \"3\"]}\ng: *f\nh: true\n";
  const document = documentToChange(text);
  document.set("i", "s3://states?region=eu-west-1");
  expect(document.toString({ lineWidth: 0 })).toBe(
    `${text.replace("{x: [1, '2', \"3\"]}", "{ x: [ 1, '2', \"3\" ] }")}i: s3://states?region=eu-west-1\n`,
  );
});
