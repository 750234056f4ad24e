import { marked, type Tokens } from "marked";
import { expect, test } from "vitest";

import { markdown } from "../../rehearsal/markdown.ts";
import type { Change } from "../../rehearsal/rehearse.ts";
import { changeOf, rehearsal, resource, stack } from "./recorded.ts";

const hostile = "a|b `c` <img src=x> @someone #1 *d* _e_ [f](g) & \\ ```";

const containers = {
  server: { image: "nango", command: ["```"], environment: { OPEN: "1" }, secrets: { KEY: "placeholder" } },
};

function change(kind: Change["kind"], name: string): Change {
  const keys = ["tags", "username"];
  return {
    urn: name,
    type: "aws:rds/instance:Instance",
    name,
    kind,
    keys,
    replaceKeys: keys,
    deleteFirst: false,
    retained: false,
  };
}

const made = resource("nango:aws:Service", hostile, {
  custom: false,
  parent: stack.urn,
  outputs: { containers },
});

const reviewed = rehearsal([made], {
  where: { region: "eu-central-1" },
  outputs: { url: "https://nango.example.com/a_b_c", apiKey: "placeholder" },
  secretOutputs: ["apiKey"],
  messages: [
    { severity: "warning", text: `${hostile}\n1. see https://example.com/a_b_c.` },
    { severity: "info", text: "# no title" },
  ],
  findings: [{ urn: "kept", message: "is protected", isProtection: true }],
  changes: [change("update", "one|two"), change("delete", "kept"), change("replace", "lost")],
  consequences: [{ effect: "restarts the database", of: ["one"], links: ["https://docs.example.com/x_y"] }],
});

/** What GitHub would show, as marked reads it: text by text. */
function textsOf(token: unknown): string[] {
  if (Array.isArray(token)) return token.flatMap(textsOf);
  const { tokens, text, type } = token as { tokens?: unknown[]; text?: string; type: string };
  return tokens === undefined
    ? type === "text" && text !== undefined
      ? [text]
      : []
    : tokens.flatMap(textsOf);
}

const decoded = (text: string) =>
  text
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

test("every text is shown as it is, whatever stands in it", () => {
  const lists = marked.lexer(markdown(reviewed)).filter(({ type }) => type === "list") as Tokens.List[];
  const [, warnings, notes] = lists;
  const shown = decoded(textsOf(warnings?.items[0]?.tokens).join("|LINK OR BREAK|"));
  expect(shown).toBe(
    `${hostile}|LINK OR BREAK|1. see |LINK OR BREAK|https://example.com/a_b_c|LINK OR BREAK|.`,
  );
  expect(decoded(textsOf(notes?.items[0]?.tokens).join(""))).toBe("# no title");
});

test("the changes are a table, with what is lost and what is refused", () => {
  const tables = marked
    .lexer(markdown(reviewed, { comparison: changeOf(reviewed, ["nango:size"]) }))
    .filter(({ type }) => type === "table");
  expect(tables).toHaveLength(3);
  const [summary, changes, environments] = tables as Tokens.Table[];
  const rows = (table: Tokens.Table) =>
    table.rows.map((row) => row.map(({ tokens }) => decoded(textsOf(tokens).join(""))));
  expect(rows(summary!)).toEqual([
    ["Stack", "dev: eu-central-1"],
    ["URL", "https://nango.example.com/a_b_c"],
    [
      "Changes",
      expect.stringMatching(/^1 replaced, 1 updated, 0 created, 1 deleted, in about \d+ minutes: /),
    ],
    ["Warnings", "1, below"],
    ["Refused", "1 finding, below"],
  ]);
  expect(rows(changes!)).toEqual([
    [
      "delete",
      "rds.Instance kept",
      "tags, username",
      expect.stringMatching(/^PROTECTED until nango:allowDataLoss/),
    ],
    ["replace", "rds.Instance lost", "tags, username", expect.stringMatching(/^ITS DATA IS LOST/)],
    ["update", "rds.Instance one|two", "tags, username", ""],
  ]);
  expect(rows(environments!)).toContainEqual([`server of ${hostile}`, "KEY", "", "(secret)"]);
  const text = markdown(reviewed, { comparison: changeOf(reviewed, ["nango:size"]) });
  expect(text).toContain("- nango:size: A database keeps the storage that it has.");
  expect(text).toMatch(/- restarts the database \(one\): .* <https:\/\/docs\.example\.com\/x_y>\n/);
});

test("the tree is folded, as it is, behind a fence that nothing in it ends", () => {
  const text = markdown(reviewed);
  expect(text).toContain(
    `<details><summary>Resources</summary>\n\n\`\`\`\`text\nnango-dev\n└─ ${hostile} Service\n`,
  );
  const code = marked.lexer(text).find(({ type }) => type === "code") as Tokens.Code;
  expect(code.text).toBe(`nango-dev\n└─ ${hostile} Service`);
});

test("environments are shown when they are asked for, and secrets never", () => {
  expect(markdown(reviewed)).not.toContain("OPEN=1");
  const text = markdown(reviewed, { env: true });
  expect(text).toContain(`server of ${hostile}\n  image nango\n  command \`\`\`\n  KEY=(secret)\n  OPEN=1\n`);
  expect(text).not.toContain("placeholder");
});
