import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { settings } from "../../infra/config/settings.ts";
import { placeholderFor } from "../../rehearsal/placeholders.ts";
import { parseTexts, problemsOf } from "./given.ts";

const folder = path.resolve(import.meta.dirname, "../../stacks");
const stacks = readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

/** A stack's file as Pulumi hands it to the program. */
function readStack(stack: string) {
  const { config } = parse(readFileSync(path.join(folder, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  const own = Object.entries(config)
    .filter(([key]) => key.startsWith("nango:"))
    .map(([key, value]) => [key.slice("nango:".length), value] as const);
  const isSecure = (value: unknown) => typeof value === "object" && value !== null && "secure" in value;
  const values = own.map(([key, value]) => {
    if (isSecure(value)) return [key, placeholderFor([key])];
    return [key, typeof value === "object" ? JSON.stringify(value) : String(value)];
  });
  return {
    values: Object.fromEntries(values) as Record<string, string>,
    kinds: own
      .filter(([, value]) => !isSecure(value))
      .map(([key, value]) => [key, Array.isArray(value) ? "array" : typeof value] as const),
    surroundings: {
      stack,
      region: config["aws:region"] as string | undefined,
      secretKeys: new Set(own.filter(([, value]) => isSecure(value)).map(([key]) => key)),
    },
  };
}

test("stacks for a start and for production are shipped", () => {
  expect(stacks).toEqual(expect.arrayContaining(["dev", "production"]));
});

describe.each(stacks)("the shipped stack %s", (stack) => {
  const { values, kinds, surroundings } = readStack(stack);

  test("is legal", () => {
    expect(problemsOf(() => parseTexts(values, surroundings))).toEqual([]);
  });

  // https://github.com/pulumi/pulumi/blob/1b5949891b3cefcb9974752b24a5ecef0acc86c8/pkg/workspace/config.go#L120-L152
  test("gives lists and maps as such, as the CLI demands", () => {
    for (const [key, kind] of kinds) {
      const { type } = settings[key as keyof typeof settings];
      expect(kind === "array" || kind === "object" ? kind : "text", key).toBe(
        type === "array" || type === "object" ? type : "text",
      );
    }
  });
});

test("production runs without a warning", () => {
  const { values, surroundings } = readStack("production");
  expect(parseTexts(values, surroundings).warnings).toEqual([]);
});
