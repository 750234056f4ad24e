import { settingGroups, settings } from "./settings.ts";

/** The `config:` block of `Pulumi.yaml`: each key with its type, default and description. */
export function configBlock(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { type, default: standard, description }]) => [
      name,
      { type, ...(type === "array" ? { items: { type: "string" } } : {}), default: standard, description },
    ]),
  );
}

/** The tables of `docs/configuration.md`, in Markdown. */
export function referenceTables(): string {
  const sections = Object.entries(settingGroups).map(([title, group]) => {
    const rows = Object.entries(group).map(([name, setting]) => {
      const standard =
        typeof setting.default === "object" ? JSON.stringify(setting.default) : String(setting.default);
      const secret = setting.secret ? " **Secret.**" : "";
      return `| \`${name}\` | ${cell(setting.description)}${secret} | ${cell(setting.legal)} | \`${standard}\` |`;
    });
    return [
      `## ${title}`,
      "",
      "| key | what it decides | legal values | default |",
      "| --- | --- | --- | --- |",
      ...rows,
    ].join("\n");
  });
  return `${sections.join("\n\n")}\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
