// Text in lines.

/** A command in a text, to the end of the clause that it stands in: rather a word too many than one too few. */
const COMMAND =
  /(?:npx pulumi|npm run|npm start|docker (?:ps|rm|exec|logs|run|volume|context)|aws [a-z0-9-]+ [a-z-]+)(?: .*?)?(?=[,;:.]?\)*$|[,;:.)]+ | \(| (?:and|or|then) )/gm;

/** The words of a text. A command is one, so that it can be copied. */
function unbreakable(text: string): string[] {
  const joined = text.replace(COMMAND, (command) => command.replaceAll(" ", "\0"));
  return joined.split(" ").map((word) => word.replaceAll("\0", " "));
}

/** Breaks a text at spaces into lines of at most that many columns. What must not be broken, such as a command, may be longer. */
export function wrapped(text: string, columns: number): string[] {
  return text.split("\n").flatMap((paragraph) => wrappedParagraph(paragraph, columns));
}

function wrappedParagraph(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of unbreakable(text)) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The lines of a text behind a title: the first one beside it, the others below each other. */
export function hanging(title: string, text: string, columns: number): string[] {
  return wrapped(text, columns - title.length).map((line, index) =>
    index === 0 ? title + line : " ".repeat(title.length) + line,
  );
}

/** One line of at most that many columns, whatever the text. */
export function cut(text: string, columns: number): string {
  const line = oneLine(text);
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}

/** Around the first difference, so that a word of what is the same stands before it. */
const CONTEXT = 16;

/** Two texts on a line of at most that many columns each: where they are longer, what they begin or end with alike goes first. */
export function contrasted(texts: readonly [string, string], columns: number): [string, string] {
  const [one, other] = texts.map((text) => Array.from(oneLine(text))) as [string[], string[]];
  if (Math.max(one.length, other.length) <= columns) return [one.join(""), other.join("")];
  const shared = (at: (index: number) => boolean, most: number) => {
    let count = 0;
    while (count < most && at(count)) count += 1;
    return count;
  };
  const most = Math.min(one.length, other.length);
  const before = shared((index) => one[index] === other[index], most);
  const after = shared((index) => one.at(-1 - index) === other.at(-1 - index), most - before);
  const from = before <= CONTEXT + 1 ? 0 : before - CONTEXT;
  const beyond = after <= CONTEXT + 1 ? 0 : after - CONTEXT;
  const piece = (text: readonly string[]) => {
    const middle = text.slice(from, text.length - beyond).join("");
    return cut(`${from > 0 ? "…" : ""}${middle}${beyond > 0 ? "…" : ""}`, columns);
  };
  return [piece(one), piece(other)];
}

/** A sequence by which a terminal changes colours. */
const COLOUR = String.raw`\u001b\[[\d;]*m`;
/** Control characters but line feeds and tabs, and what turns the direction of text. */
const CONTROL = String.raw`[\p{Cc}\p{Bidi_Control}]`;
const controls = new RegExp(String.raw`(?![\n\t])${CONTROL}`, "gu");
const controlsButColours = new RegExp(String.raw`(?![\n\t]|${COLOUR})${CONTROL}`, "gu");

const named = (control: string) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A text of anybody's, as a terminal may be given it: what would drive the terminal stands there as `\u001b`. */
export function harmless(text: string): string {
  return text.replaceAll(controls, named);
}

/** The same of a text in which colours are meant. */
export function harmlessInColours(text: string): string {
  return text.replaceAll(controlsButColours, named);
}

/** A text of anybody's on one line, as long as it looks. */
export function oneLine(text: string): string {
  return harmless(text)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\t", String.raw`\t`);
}

/** A text without colours. */
export function withoutColours(text: string): string {
  return text.replaceAll(new RegExp(COLOUR, "g"), "");
}
