import dotenv from "dotenv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { UserError } from "../../../project/user-error.ts";
import { formats } from "../../../scripts/env/format.ts";
import { anyCharacter } from "../../any-character.ts";

type Values = Record<string, string>;

const hostile: Record<string, string> = {
  "a password": "p@ss/w:rd#1=%&?",
  "single quotes": "it's 'quoted'",
  "double quotes": 'say "hello"',
  backticks: "`id`",
  "single and double quotes": `it's "both"`,
  JSON: '{"blockPrivateIps":false,"a":["b\'c"]}',
  variables: "$HOME ${HOME} $$ $",
  "a comment": " # not a comment",
  "an assignment": "a=b=c",
  "lines that look like assignments": "-----BEGIN-----\nNANGO_ADMIN_KEY=stolen\n#\n\n-----END-----\n",
  "a Windows line": "one\r\ntwo\r",
  "escapes that are none": "C:\\new\\readme \\t \\\\",
  "spaces at both ends": "  \t text \u00a0 ",
  nothing: "",
  unicode: "Zoë 東京 🦜 \u2028\u2029\u0085\ufeff\uffff \u001b[31m\u007f",
  "words of YAML": "yes",
  "a number of YAML": "0123",
  null: "null",
};

/** Texts of what quoting stumbles over, and of anything else. */
const value = fc.oneof(
  fc.string({
    unit: fc.constantFrom(..."'\"`\\$#= \t\n\r:{}[]-&*!|>%@,ab0né\u2028\u0085", "\\n", "\\r", "${A}", "$$"),
    maxLength: 12,
  }),
  fc.string({ unit: anyCharacter, maxLength: 12 }).filter((text) => !text.includes("\0")),
);
const environment: fc.Arbitrary<Values> = fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/), value, {
  noNullPrototype: true,
});

/** What Compose makes of a text once YAML has been read. https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md */
function interpolated(text: string): string {
  return text.replace(/\$(\$|[_a-z][_a-z0-9]*|\{[^}]*\}|)/gi, (variable) => {
    if (variable === "$$") return "$";
    throw new Error(`${variable} is taken for a variable`);
  });
}

function readCompose(text: string, service: string): Values {
  const { services } = parse(text) as { services: Record<string, { environment: Values | null }> };
  const read = Object.entries(services[service]!.environment ?? {});
  return Object.fromEntries(read.map(([name, one]) => [name, interpolated(one)]));
}

/** The environment without what the format refuses to write. */
function accepted(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([name, text]) => {
      try {
        formats.dotenv({ [name]: text }, "server");
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        return false;
      }
    }),
  );
}

describe.each(Object.entries(hostile))("%s", (_, text) => {
  const values = { FIRST: text, SECOND: "# 'plain'\n", THIRD: text };

  test("comes back from dotenv, by both of its parsers, unless no quotes are left for it", () => {
    const written = formats.dotenv(accepted(values), "server");
    expect(dotenv.parse(written)).toEqual(accepted(values));
    expect(dotenv.parse(written, { fast: true })).toEqual(accepted(values));
  });

  test("comes back from a Compose file and from JSON", () => {
    expect(readCompose(formats.compose(values, "server"), "server")).toEqual(values);
    expect(JSON.parse(formats.json(values, "server"))).toEqual(values);
  });
});

describe("any environment", () => {
  const runs = { numRuns: 2000 };

  test("comes back from dotenv, but for what it refuses", () => {
    fc.assert(
      fc.property(environment, (values) => {
        const written = formats.dotenv(accepted(values), "server");
        expect(dotenv.parse(written)).toEqual(accepted(values));
        expect(dotenv.parse(written, { fast: true })).toEqual(accepted(values));
      }),
      runs,
    );
  });

  test("comes back from a Compose file", () => {
    fc.assert(
      fc.property(environment, (values) => {
        expect(readCompose(formats.compose(values, "connect-ui"), "connect-ui")).toEqual(values);
      }),
      runs,
    );
  });

  test("is written in ASCII control characters of YAML by no format for Compose", () => {
    fc.assert(
      fc.property(environment, (values) => {
        // What go-yaml, which Compose reads with, takes for text: https://yaml.org/spec/1.2.2/#51-character-set
        expect(formats.compose(values, "server")).toMatch(
          /^[\n\x20-\x7e\u00a0-\u2027\u202a-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u,
        );
      }),
      runs,
    );
  });

  test("is sorted by name, so that two can be compared", () => {
    const values = { B: "1", A: "2", AB: "3" };
    expect(formats.dotenv(values, "server")).toBe("A='2'\nAB='3'\nB='1'\n");
    expect(Object.keys(JSON.parse(formats.json(values, "server")) as object)).toEqual(["A", "AB", "B"]);
  });
});

describe("what a format cannot hold", () => {
  test.each([
    ["all three quotes", "'\"`"],
    ["a carriage return and an escape that is none", "\r\\n"],
    ["a backslash at the end, and a comment sign", "a#\\"],
    ["a backslash at the end of two lines", "a\nb\\"],
  ])("is refused by dotenv, with the way out: %s", (_, text) => {
    expect(() => formats.dotenv({ A: text }, "server")).toThrow(/^A cannot be written .*--format json/);
  });

  test("is not refused for what is common", () => {
    fc.assert(
      fc.property(value, (text) => {
        fc.pre(!/['\r]/.test(text) && !text.endsWith("\\"));
        expect(() => formats.dotenv({ A: text }, "server")).not.toThrow();
      }),
    );
  });

  test.each(["a\0b", "\ud800"])("is refused by every format when no variable can hold it: %j", (text) => {
    for (const write of Object.values(formats)) expect(() => write({ A: text }, "server")).toThrow(UserError);
  });

  test("is a name that no shell has", () => {
    for (const write of Object.values(formats))
      expect(() => write({ "A-B": "1" }, "server")).toThrow(UserError);
  });
});
