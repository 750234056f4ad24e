// Text in Markdown.

/** What is more than text in Markdown or HTML, calls a user or refers to an issue. */
const ACTIVE = /[&<>|`*_~[\]\\@#]|^[-+=]|^\d+[.)](?=\s|$)/gm;

/** A text as it is, whatever stands in it. URLs become links. */
export function escaped(text: string): string {
  return text
    .split(/(https?:\/\/[^\s()<>|`"']*[^\s()<>|`"'.,;:])/)
    .map((part, index) => (index % 2 === 1 ? `<${part}>` : part.replace(ACTIVE, entities)))
    .join("")
    .replaceAll("\n", "<br>");
}

function entities(text: string): string {
  return Array.from(text, (character) => `&#${character.codePointAt(0)};`).join("");
}
