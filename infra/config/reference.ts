import { presetTable } from "./preset-table.ts";
import { effects, type Change } from "./settings/change.ts";
import { defaultText, type Setting } from "./settings/setting.ts";
import { settingGroups, settings } from "./settings.ts";

/**
 * The `config:` block of `Pulumi.yaml`: each key with its default and description. Without its type: the Pulumi CLI would
 * refuse a value of another one by itself, one key at a time, and without a word on what is legal.
 */
export function configBlock(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { default: defaultValue, description }]) => [
      name,
      { default: defaultValue, description },
    ]),
  );
}

/** What `pulumi new` asks for, and with what it goes on where the answer is empty: as in the example stack dev. */
const asked = {
  "aws:region": ["The AWS region that everything is created in.", "eu-central-1"],
  "nango:domain": [settings.domain.description, "nango-dev.example.com"],
  "nango:hostedZone": [settings.hostedZone.description, "example.com"],
} as const;

/** The `template:` block of `Pulumi.yaml`: what `pulumi new` says and asks, which removes it from the project that it makes. */
export function templateBlock(): Record<string, unknown> {
  return {
    displayName: "Nango on AWS",
    description: "Nango, self-hosted in your own AWS account or on your laptop",
    config: Object.fromEntries(
      Object.entries(asked).map(([key, [description, example]]) => [key, { description, default: example }]),
    ),
    quickstart: [
      "Nango is ready to be rehearsed, without an account:",
      "",
      "  npm ci",
      "  npm start",
      "",
      "Then begin a stack of your own, which asks for what else is to be known, and deploy it:",
      "",
      "  npm run init",
      "",
      "Keep the project's name, nango: the keys of the stack files are in its namespace. README.md has the rest.",
    ].join("\n"),
  };
}

/** The tables of `docs/configuration.md`, in Markdown. */
export function referenceTables(): string {
  const sections = Object.entries(settingGroups).map(([title, group]) =>
    [
      `## ${title}`,
      "",
      "| key | what it decides | only with | legal values | default | a change |",
      "| --- | --- | --- | --- | --- | --- |",
      ...Object.entries(group).map(([name, setting]) => row(name, setting)),
    ].join("\n"),
  );
  return `${[legend(), "## Sizes", presetTable(), ...sections].join("\n\n")}\n`;
}

function row(name: string, setting: Setting<unknown>): string {
  const secret = setting.secret ? " **Secret.**" : "";
  const cells = [
    `\`${name}\``,
    `${cell(setting.description)}${secret}`,
    [setting.target, setting.needs?.words].filter((part) => part !== undefined).join("; "),
    cell(setting.legal),
    `\`${defaultText(setting)}\``,
    cell(inWords(setting.change, setting.changeNote)),
  ];
  return `|${cells.map((text) => (text === "" ? " " : ` ${text} `)).join("|")}|`;
}

function inWords(change: Change, note: string | undefined): string {
  const effect =
    "aws" in change
      ? `aws: ${change.aws.join(", ")}; docker: ${change.docker.join(", ")}`
      : change.join(", ");
  return note === undefined ? effect : `${effect}. ${note}`;
}

/** What the words of the last column mean. */
function legend(): string {
  return [
    "The last column says what changing a key does to a stack that is deployed:",
    "",
    ...Object.entries(effects).map(([effect, meaning]) => `- **${effect}**: ${meaning}`),
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
