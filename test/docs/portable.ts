// What bash, zsh, fish and PowerShell all take to mean the same.

import type { SyntaxNode } from "unbash";
import { nodesOf } from "./shell.ts";

/** The parts of a line that every shell has; `export` has a form of its own in PowerShell. */
const EVERYWHERE: ReadonlySet<SyntaxNode["type"]> = new Set([
  "Script",
  "Statement",
  "Pipeline",
  "Command",
  "Word",
  "Literal",
  "SingleQuoted",
  "DoubleQuoted",
  "CommandExpansion",
]);

/** Programs of Windows, too, once the project and what its pages name are installed. */
const PROGRAMS = ["npm", "npx", "node", "git", "cd", "cat", "aws", "docker", "export"];

/**
 * Without quotes only this is text for every shell: `[`, `?` and `*` are names of files, which zsh wants to find, `{` is
 * a list in bash and a program in PowerShell, where `,` parts arguments; `=` in front is a command for zsh.
 */
const PLAIN = /^(?![=@~])[\w./:+~@=-]*$/;

/**
 * Variables that zsh keeps for itself, and fills or leaves as they are whatever is written into them.
 * https://zsh.sourceforge.io/Doc/Release/Zsh-Modules.html#The-zsh_002fparameter-Module
 */
const OF_ZSH =
  /^(?:aliases|argv|builtins|cdpath|commands|dirstack|fpath|functions|galiases|history|historywords|jobdirs|jobstates|jobtexts|keymaps|manpath|modules|nameddirs|options|parameters|patchars|path|pipestatus|prompt|psvar|reswords|saliases|signals|status|termcap|terminfo|userdirs|usergroups|watch|widgets)$/;

/** What about a block marked `sh` would go wrong in one of the shells. */
export function notPortable(script: string): string[] {
  return nodesOf(script).flatMap((node) => {
    if (node.type === "Assignment")
      return isExported(script, node) ? [] : [`${node.text}: only bash and zsh set variables so`];
    if (node.type === "Redirect") return node.operator === ">" ? [] : [`${node.operator}: not in PowerShell`];
    if (!EVERYWHERE.has(node.type))
      return [`${script.slice(node.pos, node.end)}: ${node.type} is not the same in every shell`];
    return [...wrongWith(node)];
  });
}

function isExported(script: string, { pos }: { readonly pos: number }): boolean {
  return /(?:^|\n)export $/.test(script.slice(0, pos));
}

function* wrongWith(node: SyntaxNode): Generator<string> {
  switch (node.type) {
    case "Command":
      if (node.name && !PROGRAMS.includes(node.name.value)) yield `${node.name.value}: not on Windows`;
      break;
    case "Word":
      if (node.parts ? node.parts.some(({ type }) => type === "CommandExpansion") : !PLAIN.test(node.text))
        yield `${node.text}: put it in quotes`;
      break;
    case "CommandExpansion":
      if (!node.text.startsWith("$(")) yield `${node.text}: fish and PowerShell know no such substitution`;
      break;
    case "Literal":
      // History of bash and zsh; escapes, which PowerShell and the others write differently.
      if (/[\\!`$]/.test(node.text)) yield `${node.text}: a shell reads that as something else`;
      break;
    case "SingleQuoted":
      // https://learn.microsoft.com/powershell/scripting/learn/experimental-features#psnativecommandargumentpassing
      if (node.text.includes('"')) yield `${node.text}: PowerShell 5.1 loses the double quotes in it`;
      break;
    default:
  }
}

/** What about a block marked `bash` zsh, the shell of a Mac, would read as something else. */
export function notForZsh(script: string): string[] {
  return nodesOf(script).flatMap((node) => {
    if (node.type === "Glob") return [`${node.text}: zsh wants to find files of that name; put it in quotes`];
    if (node.type === "Assignment" && OF_ZSH.test(node.name ?? ""))
      return [`${node.name}: zsh keeps that variable for itself`];
    return [];
  });
}

/** What is wrong with lines that are pasted into whichever shell a block is for. */
export function notPasteable(script: string): string[] {
  const lines = script.split("\n");
  return [
    // Stock zsh and cmd take what follows for arguments: https://zsh.sourceforge.io/Doc/Release/Options.html
    ...lines.filter((line) => /(?:^|\s)#/.test(line)).map((line) => `${line}: say it in the sentence before`),
    ...lines.filter((line) => line.endsWith("\\")).map((line) => `${line}: keep it on one line`),
    ...lines.filter((line) => /<<|\t/.test(line)).map((line) => `${line}: neither here-documents nor tabs`),
    // A prompt takes the lines after it for its answer.
    ...lines
      .slice(0, -1)
      .filter(asks)
      .map((line) => `${line}: asks, and has to be the last line of its block`),
  ];
}

/** Whether a line waits for an answer of whoever typed it. */
function asks(line: string): boolean {
  return (
    (/^npm run (?:-\S+ )*(?:up|destroy|init)\b/.test(line) ||
      /^npx pulumi (?:up|destroy|refresh)\b/.test(line)) &&
    !/ (?:--yes|-y)\b/.test(line)
  );
}
