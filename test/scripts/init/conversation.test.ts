import { expect, test } from "vitest";
import { toldLines } from "../../../scripts/init/conversation.ts";

test("what is told at a terminal fits it, beside what prompts draw", () => {
  const line = "The account's hosted zones cannot be listed. Type what is asked for instead. ".repeat(3);
  const longest = (columns?: number) =>
    Math.max(
      ...toldLines(line, columns)
        .split("\n")
        .map(({ length }) => length),
    );
  for (const [columns, most] of [
    [80, 77],
    [200, 97],
    [undefined, 97],
    [0, 37],
  ] as const) {
    expect(longest(columns)).toBeLessThanOrEqual(most);
    expect(longest(columns)).toBeGreaterThan(most - 15);
  }
});
