import { type SyntaxNode, forEachChild, parse } from "unbash";

/** A command with its words, as the program that it names is given them. */
export interface Command {
  readonly words: readonly string[];
}

/** All nodes of a script, those within substitutions included; throws what is no shell. */
export function nodesOf(script: string): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  const visit = (node: SyntaxNode) => {
    if ("errors" in node && node.errors && node.errors.length > 0)
      throw new SyntaxError(node.errors.map(({ message }) => message).join(", "));
    nodes.push(node);
    forEachChild(node, visit);
  };
  visit(parse(script));
  return nodes;
}

/** Every command of a script, those within substitutions included. */
export function commandsOf(script: string): Command[] {
  return nodesOf(script).flatMap((node) => {
    if (node.type !== "Command" || node.name === undefined) return [];
    return [
      { words: [node.name, ...node.args].map((word) => (word.type === "Word" ? word.value : word.text)) },
    ];
  });
}
