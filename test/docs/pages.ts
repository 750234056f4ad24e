import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import GithubSlugger from "github-slugger";
import { lexer, type Token, type Tokens, walkTokens } from "marked";

export const root = path.resolve(import.meta.dirname, "../..");

/** A page of the documentation. */
export interface Page {
  /** From the project's folder on. */
  readonly file: string;
  readonly tokens: readonly Token[];
}

/** A block of code, or code within a sentence (then without a language). */
export interface Code {
  readonly file: string;
  readonly language: string;
  readonly text: string;
  /** What its section says before it. */
  readonly before: string;
}

/** A link or the source of a picture. */
export interface Link {
  readonly file: string;
  readonly to: string;
}

/** Every page that a user may read. */
export const pages: readonly Page[] = [
  ...readdirSync(root),
  ...readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" }).map((name) =>
    path.posix.join("docs", name.replaceAll("\\", "/")),
  ),
]
  .filter((file) => file.endsWith(".md"))
  .map((file) => ({ file, tokens: lexer(readFileSync(path.join(root, file), "utf8")) }));

/** The blocks of code of all pages, also those in lists. */
export const blocks: readonly Code[] = pages.flatMap(({ file, tokens }) => blocksIn(file, tokens));

function blocksIn(file: string, tokens: readonly Token[], section = ""): Code[] {
  let before = section;
  return tokens.flatMap((token): Code[] => {
    if (token.type === "heading") before = "";
    before += token.raw;
    if (token.type === "code") {
      const { lang, text } = token as Tokens.Code;
      return [{ file, language: lang ?? "", text, before: before.slice(0, -token.raw.length) }];
    }
    if (token.type !== "list") return [];
    return (token as Tokens.List).items.flatMap((item) => blocksIn(file, item.tokens, before));
  });
}

/** Code within sentences and tables. */
export const codeInSentences: readonly Code[] = collect("codespan", (file, token: Tokens.Codespan) => [
  { file, language: "", text: token.text.replaceAll("\n", " "), before: "" },
]);

/** What the pages lead to. */
export const links: readonly Link[] = [
  // A bare text like https://host:port is a link for the parser, and none for GitHub, which wants a dot in the name.
  ...collect("link", (file, { href, raw }: Tokens.Link) =>
    raw === href && !/^\w+:\/\/[^/]*\./.test(href) ? [] : [{ file, to: href }],
  ),
  ...collect("image", (file, { href }: Tokens.Image) => [{ file, to: href }]),
  ...collect("html", (file, { raw }: Tokens.HTML) =>
    [...raw.matchAll(/\b(?:href|src|srcset)="([^"]*)"/g)].map(([, to = ""]) => ({ file, to })),
  ),
];

function collect<T extends Token, Found>(
  type: T["type"],
  found: (file: string, token: T) => readonly Found[],
): Found[] {
  return pages.flatMap(({ file, tokens }) => {
    const all: Found[] = [];
    void walkTokens([...tokens], (token) => {
      if (token.type === type) all.push(...found(file, token as T));
    });
    return all;
  });
}

/** The anchors that GitHub makes of a page's headings. */
export function anchorsOf({ tokens }: Page): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  void walkTokens([...tokens], (token) => {
    if (token.type === "heading") anchors.add(slugger.slug(textOf(token)));
    if (token.type === "html")
      for (const [, id = ""] of token.raw.matchAll(/\bid="([^"]*)"/g)) anchors.add(id);
  });
  return anchors;
}

/** What a reader sees of a heading, without marks. */
function textOf(token: Token): string {
  return "tokens" in token && token.tokens
    ? token.tokens.map(textOf).join("")
    : "text" in token
      ? String(token.text)
      : "";
}
