import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { withImage } from "../../../scripts/upgrade/stack-file.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const pin = "nangohq/nango-server:hosted-0123456789abcdef0123456789abcdef01234567";

describe("the new pin", () => {
  const shippedFiles = readdirSync(path.join(root, "stacks"));

  test.each(shippedFiles)("is one line more in %s, and one line that changes the next time", (file) => {
    const text = readFileSync(path.join(root, "stacks", file), "utf8");
    const once = withImage(text, "first:image");
    const lines = once.split("\n");
    const added = lines.filter((line) => line.includes("first:image"));
    expect(added).toEqual(["  nango:image: first:image"]);
    expect(lines.filter((line) => line !== added[0]).join("\n")).toBe(text);
    expect(withImage(once, pin)).toBe(once.replace("first:image", pin));
  });

  const comment = fc.stringMatching(/^ *#[ a-z:'"]*$/);
  const entry = fc
    .tuple(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.constantFrom("1", "text", "'quoted # text'", "[a, b]", '"x: y"'),
    )
    .map(([name, value]) => `  other:${name}: ${value}`);
  const file = fc
    .record({
      before: fc.array(comment),
      entries: fc.uniqueArray(fc.oneof(entry, comment), {
        selector: (line) => line.split(": ")[0]!,
        minLength: 1,
      }),
      after: fc.constantFrom("", "encryptionsalt: v1:abc=\n"),
    })
    .map(({ before, entries, after }) => `${[...before, "config:", ...entries].join("\n")}\n${after}`)
    .filter((text) => (parse(text) as { config: unknown }).config !== null);

  test("leaves every other line of a file as it was, and every other value", () => {
    fc.assert(
      fc.property(file, (text) => {
        const changed = withImage(text, pin);
        expect(
          changed
            .split("\n")
            .filter((line) => !line.includes("nango:image"))
            .join("\n"),
        ).toBe(text);
        const { config, ...rest } = parse(changed) as { config: object };
        const before = parse(text) as { config: object };
        expect({ config: { ...config }, ...rest }).toEqual({
          ...before,
          config: { ...before.config, "nango:image": pin },
        });
      }),
    );
  });

  test.each([
    ["", "config:\n  nango:image: IMAGE\n"],
    ["# nothing yet\nconfig:\n", "# nothing yet\nconfig:\n  nango:image: IMAGE\n"],
    ["config: {}\n", "config:\n  nango:image: IMAGE\n"],
    ["config: { a:b: '01', c:d: 01 }\n", "config:\n  a:b: '01'\n  c:d: 01\n  nango:image: IMAGE\n"],
    ["config: { aws:region: eu }\n", "config:\n  aws:region: eu\n  nango:image: IMAGE\n"],
    [
      "config:\n    'nango:image': \"old\" # why\n    a:b: 1\n",
      "config:\n    'nango:image': IMAGE # why\n    a:b: 1\n",
    ],
    ["config:\n  nango:image: >-\n    old\n  a:b: 1\n", "config:\n  nango:image: IMAGE\n  a:b: 1\n"],
    ["config:\n  nango:image: |\n    old\n\nother: 1\n", "config:\n  nango:image: IMAGE\n\nother: 1\n"],
    ["config:\n  nango:image: >-\n    old", "config:\n  nango:image: IMAGE"],
    ["config:\n  image: old\n  a:b: 1\n", "config:\n  image: IMAGE\n  a:b: 1\n"],
    ["config:\n  nango:config:image: old\n", "config:\n  nango:config:image: IMAGE\n"],
    ["config:\n  other: &old x\n  image: *old\n", "config:\n  other: &old x\n  image: IMAGE\n"],
  ])("goes into %j", (text, expected) => {
    expect(withImage(text, pin)).toBe(expected.replace("IMAGE", pin));
  });
});
