import { type DefaultTreeAdapterTypes as Tree, parse } from "parse5";

/** A page as a browser reads it, with what it would have to put right. */
export function parsed(text: string): { document: Tree.Document; errors: string[] } {
  const errors: string[] = [];
  const document = parse(text, {
    sourceCodeLocationInfo: true,
    onParseError: ({ code, startLine }) => errors.push(`${code} in line ${startLine}`),
  });
  return { document, errors };
}

function childrenOf(node: Tree.Node): Tree.ChildNode[] {
  return "childNodes" in node ? node.childNodes : [];
}

/** Every element below a node, in the order of the document. */
export function elementsOf(node: Tree.Node): Tree.Element[] {
  return childrenOf(node).flatMap((child) => [...("tagName" in child ? [child] : []), ...elementsOf(child)]);
}

export function attributesOf({ attrs }: Tree.Element): Record<string, string> {
  return Object.fromEntries(attrs.map(({ name, value }) => [name, value]));
}

/** What stands in it to be read, with a space after each element. */
export function textOf(node: Tree.Node): string {
  if ("value" in node) return node.value;
  return "tagName" in node && node.tagName === "style"
    ? ""
    : `${childrenOf(node).map(textOf).join("")}${"tagName" in node ? " " : ""}`;
}
