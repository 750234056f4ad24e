import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  contrasted,
  cut,
  hanging,
  harmless,
  harmlessInColours,
  withoutColours,
  wrapped,
} from "../../project/text.ts";

test("lines break at spaces, and no word is broken", () => {
  expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
  expect(wrapped("a-word-that-is-too-long now", 9)).toEqual(["a-word-that-is-too-long", "now"]);
  expect(wrapped("one\ntwo", 9)).toEqual(["one", "two"]);
});

const commands = [
  "npx pulumi config set -s dev nango:zones[0] a.b.c",
  "npm run up -- dev --yes",
  "npm start -- dev",
  "docker logs --follow nango-local-server",
  "aws rds describe-db-instances --region eu-central-1 --query 'a[0].b' && npm run up -- dev",
];

test.each(commands)("a command stays on one line: %s", (command) => {
  for (const [before, after] of [
    ["If that is what you want: ", "."],
    ["Run ", ", which waits, and look at the logs"],
    ["What helps (", ") is documented"],
    ["", ""],
  ])
    expect(wrapped(`${before}${command}${after}`, 20).filter((line) => line.includes(command))).toHaveLength(
      1,
    );
});

test("what follows a command is broken as ever", () => {
  const text =
    "Set it with npx pulumi config set -s dev a b, then run npm run up -- dev and wait until all is there.";
  expect(wrapped(text, 16)).toEqual([
    "Set it with",
    "npx pulumi config set -s dev a b,",
    "then run",
    "npm run up -- dev",
    "and wait until",
    "all is there.",
  ]);
});

test("a title stands beside the first line only", () => {
  expect(hanging("- ", "one two three", 9)).toEqual(["- one two", "  three"]);
});

test("a text that is cut is one line and says so", () => {
  expect(cut("a\nb", 9)).toBe("a\\nb");
  expect(cut("abcdefghij", 5)).toBe("abcd…");
});

describe("a text of anybody's", () => {
  const attack =
    "\u001b[31mred\u001b[39m\u001b]0;title\u0007\u001b[2J\rover\u009b1A\u202egnp.exe\u2066\n\tnext";
  const shown = String.raw`\u001b]0;title\u0007\u001b[2J\u000dover\u009b1A\u202egnp.exe\u2066` + "\n\tnext";

  test("drives no terminal", () => {
    expect(harmless(attack)).toBe(String.raw`\u001b[31mred\u001b[39m` + shown);
    expect(harmless("Zürich, 東京, 👩‍👩‍👧")).toBe("Zürich, 東京, 👩‍👩‍👧");
  });

  test("may have colours where they are meant, and loses them where they are not", () => {
    expect(harmlessInColours(attack)).toBe(`\u001b[31mred\u001b[39m${shown}`);
    expect(harmless(withoutColours(attack))).toBe(`red${shown}`);
  });
});

describe("two texts on lines that are too short for them", () => {
  test("show where they differ, with what stands around it", () => {
    const long = "0123456789".repeat(9);
    expect(contrasted([`${long}a`, `${long}b`], 30)).toEqual(["…4567890123456789a", "…4567890123456789b"]);
    expect(contrasted([`a${long}`, `b${long}`], 30)).toEqual(["a0123456789012345…", "b0123456789012345…"]);
    expect(contrasted([long, long.slice(9)], 30)).toEqual([
      "0123456789012345678901234…",
      "9012345678901234…",
    ]);
    expect(contrasted(["short", "also"], 30)).toEqual(["short", "also"]);
    expect(contrasted(["a\n".repeat(20), "b"], 12)).toEqual([
      String.raw`a\na\na\na\n…`.slice(0, 11) + "…",
      "b",
    ]);
  });

  test("never look the same, and fit", () => {
    const text = fc.string({ maxLength: 60 }).map((given) => given.replaceAll(/[\\…]/g, ""));
    fc.assert(
      fc.property(text, text, text, text, (start, one, other, end) => {
        const [a, b] = [start + one + end, start + other + end];
        const [was, is] = contrasted([a, b], 24);
        expect(was === is).toBe(a === b);
        expect(Math.max(was.length, is.length)).toBeLessThanOrEqual(24);
      }),
    );
  });
});
