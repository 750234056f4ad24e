import { connectionPools } from "../nango/connection-budget.ts";
import { choose } from "./choices.ts";
import { presets, type Size } from "./presets.ts";
import { defaultText } from "./settings/setting.ts";
import { settings, type SettingName } from "./settings.ts";
import type { SettingValues } from "./values.ts";

/** What each size chooses where a stack in AWS says nothing: the value of each key, by key. */
function chosenBy(size: Size): Readonly<Record<string, unknown>> {
  const read = Object.entries(settings).map(([key, setting]) => [
    key,
    setting.schema.parse(key === "size" ? size : defaultText(setting)),
  ]);
  const values = Object.fromEntries(read) as SettingValues;
  const choices = choose(values, { stack: "stack", values: {}, secretKeys: new Set(), region: undefined });
  const { connectionBudget } = choices;
  return {
    ...choices,
    databaseMaxConnections: connectionBudget.maxConnections,
    databasePoolMax: connectionPools(connectionBudget).main,
  };
}

/** The keys whose preset the size decides, each with what it is in every size. */
export function presetsBySize(): [key: SettingName, values: Readonly<Record<Size, string>>][] {
  const sizes = Object.keys(presets) as Size[];
  const chosen = sizes.map((size) => [size, chosenBy(size)] as const);
  const keys = Object.keys(settings) as SettingName[];
  return keys
    .filter((key) => settings[key].default === "preset")
    .map((key): [SettingName, Record<Size, string>] => [
      key,
      Object.fromEntries(chosen.map(([size, values]) => [size, String(values[key] ?? "none")])) as Record<
        Size,
        string
      >,
    ])
    .filter(([, values]) => new Set(Object.values(values)).size > 1);
}

/** The table of presets in `docs/configuration.md`, in Markdown. */
export function presetTable(): string {
  const sizes = Object.keys(presets) as Size[];
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    "What `preset` stands for, where `nango:size` decides:",
    "",
    row(["key", ...sizes]),
    row(["---", ...sizes.map(() => "---")]),
    ...presetsBySize().map(([key, values]) => row([`\`${key}\``, ...sizes.map((size) => values[size])])),
  ].join("\n");
}
