// Expressions of GitHub Actions, evaluated by GitHub's own implementation.
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { reviver } from "@actions/expressions/data/reviver";
import { replacer } from "@actions/expressions/data/replacer";

/** What a job knows of its run. */
export type Contexts = Readonly<Record<string, unknown>>;

const CONTEXTS = ["github", "vars", "inputs", "matrix", "needs", "steps", "env", "runner", "job", "strategy"];

const status = (name: string, value: boolean) =>
  [name, { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) }] as const;

function functionsFor(hasFailed: boolean) {
  return new Map([
    status("success", !hasFailed),
    status("failure", hasFailed),
    status("cancelled", false),
    status("always", true),
  ]);
}

/** The value of an expression. A context that is not given is an error, as it is on GitHub. */
export function valueOf(expression: string, contexts: Contexts, hasFailed = false): unknown {
  const functions = functionsFor(hasFailed);
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, CONTEXTS, [...functions.values()]).parse();
  const known = JSON.parse(JSON.stringify(contexts), reviver) as data.Dictionary;
  const value = new Evaluator(parsed, known, functions).evaluate();
  return JSON.parse(JSON.stringify(value, replacer)) as unknown;
}

/** A text with the values of its expressions. */
export function filled(text: string, contexts: Contexts, hasFailed = false): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const value = valueOf(expression.trim(), contexts, hasFailed);
    return value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  });
}

const STATUS = /\b(?:success|failure|cancelled|always)\(\)/;

/** Whether something runs, by its `if:`; without a status function only where nothing failed before. */
export function runs(condition: string | undefined, contexts: Contexts, hasFailed = false): boolean {
  if (condition === undefined) return !hasFailed;
  const expression = condition.replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
  if (hasFailed && !STATUS.test(expression)) return false;
  const value = valueOf(expression, contexts, hasFailed);
  return value !== false && value !== "" && value !== 0 && value !== null;
}
