import { LangVariant, parse as parseShell } from "sh-syntax";
import ts from "typescript";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { settings } from "../../infra/config/settings.ts";
import { blocks, type Code } from "./pages.ts";
import { notForZsh, notPasteable, notPortable } from "./portable.ts";

const of = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));

const each = (chosen: readonly Code[], wrong: (code: Code) => readonly string[]) =>
  chosen.flatMap((code) => wrong(code).map((what) => `${code.file}: ${what}`));

test("every block says what it is written in", () => {
  const known = ["sh", "bash", "powershell", "yaml", "json", "ts", "mermaid", "text"];
  expect(
    each(blocks, ({ language, text }) =>
      known.includes(language) ? [] : [`"${language}": ${text.slice(0, 60)}`],
    ),
  ).toEqual([]);
});

test("blocks for every shell say the same to bash, zsh, fish and PowerShell", () => {
  expect(of("sh").length).toBeGreaterThan(20);
  expect(each(of("sh"), ({ text }) => [...notPortable(text), ...notPasteable(text)])).toEqual([]);
});

test.for([
  ["POSIX", LangVariant.LangPOSIX, ["sh"]],
  ["bash", LangVariant.LangBash, ["sh", "bash"]],
  ["zsh", LangVariant.LangZsh, ["sh", "bash"]],
] as const)("blocks are shell as %s reads it", async ([, variant, languages]) => {
  // One after another in one script: the parser takes its time to start, and what is wrong it quotes.
  await parseShell(
    of(...languages)
      .map(({ text }) => text)
      .join("\n"),
    { variant },
  );
  await expect(parseShell("until npm ci; do", { variant })).rejects.toThrow();
});

test("blocks for bash can be pasted, and the sentence before names bash", () => {
  expect(
    each(of("bash"), ({ text, before }) => [
      ...notPasteable(text),
      ...notForZsh(text),
      ...(/\bbash\b/i.test(before) ? [] : [`${text.slice(0, 60)}: say before it that it is for bash`]),
    ]),
  ).toEqual([]);
});

test("every variable that is exported has its form for PowerShell", () => {
  const exported = (text: string) =>
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => `${name} ${bare(value)}`);
  // PowerShell takes a command without quotes and brackets for a value: $env:NAME = npx ...
  const set = (text: string) =>
    [...text.matchAll(/^\$env:(\w+) = (".*"|npx .*)$/gm)].map(([, name, value]) => `${name} ${bare(value)}`);
  const bare = (value = "") => value.replaceAll(/["']/g, "").replace(/^\$\((.*)\)$/, "$1");
  const forPowerShell = (file: string) =>
    of("powershell").flatMap((other) => (other.file === file ? set(other.text) : []));
  expect(
    each(of("sh", "bash"), ({ file, text }) =>
      exported(text).filter((variable) => !forPowerShell(file).includes(variable)),
    ),
  ).toEqual([]);
});

test("PowerShell is given nothing that Windows' own version lacks", () => {
  expect(
    each(of("powershell"), ({ text }) =>
      text.split("\n").filter((line) => /&&|\|\||\\|`|(?:^|\s)#|^export\b/.test(line)),
    ),
  ).toEqual([]);
});

test("JSON and YAML parse", () => {
  expect(
    each(of("json"), ({ text }) => {
      try {
        JSON.parse(text);
        return [];
      } catch (error) {
        return [String(error)];
      }
    }),
  ).toEqual([]);
  expect(each(of("yaml"), ({ text }) => parseDocument(text).errors.map(String))).toEqual([]);
});

test("TypeScript parses", () => {
  expect(
    each(of("ts"), ({ text }) =>
      (
        ts.transpileModule(text, {
          reportDiagnostics: true,
          compilerOptions: { target: ts.ScriptTarget.ES2022 },
        }).diagnostics ?? []
      ).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    ),
  ).toEqual([]);
});

test("keys of stack files exist", () => {
  const keys = (text: string) =>
    [...text.matchAll(/\bnango:([a-zA-Z]+)(?=[\s:."'`=]|$)/g)].map(([, key = ""]) => key);
  expect(keys("nango:size: medium")).toEqual(["size"]);
  expect(
    each(of("yaml", "sh", "bash"), ({ text }) => keys(text).filter((key) => !Object.hasOwn(settings, key))),
  ).toEqual([]);
});
