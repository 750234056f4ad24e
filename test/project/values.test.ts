import fc from "fast-check";
import { expect, test } from "vitest";

import {
  masked,
  parsePath,
  pathText,
  plain,
  secretPaths,
  strings,
  UNKNOWN,
  withSecrets,
  withValuesOf,
  type Properties,
} from "../../project/values.ts";

const step = fc.oneof(fc.nat(20), fc.string({ minLength: 1 }));
const path = fc.array(step, { minLength: 1, maxLength: 5 });

test("a path survives being written and read", () => {
  fc.assert(
    fc.property(path, (steps) => {
      expect(parsePath(pathText(steps))).toEqual(steps);
    }),
  );
});

test("paths are written as Pulumi writes them", () => {
  expect(pathText(["a", "b", 0, "c.d"])).toBe('a.b[0]["c.d"]');
});

test("secrets that are unmarked and marked again are where they were", () => {
  const marked = withSecrets({ a: { b: [1, "x"] }, c: "y", d: "open" }, ["a.b[1]", "c"]);
  expect(plain(marked)).toEqual({ a: { b: [1, "x"] }, c: "y", d: "open" });
  expect(secretPaths(marked)).toEqual(["a.b[1]", "c"]);
});

test("marks change no value, whatever is marked", () => {
  const values = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Properties>;
  fc.assert(
    fc.property(values, fc.array(path.map(pathText)), (value, paths) => {
      const everywhere = strings(value).map(([at]) => at);
      expect(plain(withSecrets(value, [...paths, ...everywhere]))).toEqual(value);
      expect(strings(withSecrets(value, everywhere)).length).toBeGreaterThanOrEqual(everywhere.length);
    }),
  );
});

test("what is secret or unknown is masked, and nothing else", () => {
  expect(masked({ a: { b: "x", c: "y" }, d: [UNKNOWN, "z"] }, ["a.b"])).toEqual({
    a: { b: "(secret)", c: "y" },
    d: ["(known after deployment)", "z"],
  });
});

test("a value is taken over at a path, and removed where there is none", () => {
  const mine = { size: 2, tags: { a: "mine", b: "mine" } };
  const other = { size: 1, tags: { a: "other" } };
  expect(withValuesOf(mine, other, [["size"], ["tags", "b"], ["nowhere", 0]])).toEqual({
    size: 1,
    tags: { a: "mine" },
  });
  expect(mine).toEqual({ size: 2, tags: { a: "mine", b: "mine" } });
});
