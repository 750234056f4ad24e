import { outputCommands, outputValues } from "../../infra/outputs.ts";
import type { Properties } from "../../project/values.ts";

/** The outputs of a stack in plain lines: values beside their names, and each command on a line of its own, to copy. */
export function shownOutputs(outputs: Properties): string {
  const isCommand = (name: string) => Object.hasOwn(outputCommands, name);
  const known = Object.keys(outputValues).filter((name) => name in outputs);
  const added = Object.keys(outputs).filter((name) => !known.includes(name) && !isCommand(name));
  const names = [...known, ...added.sort()];
  const column = Math.max(0, ...names.map((name) => name.length)) + 2;
  const values = names.map((name) => `${name.padEnd(column)}${text(outputs[name])}`);
  const commands = Object.entries(outputCommands).flatMap(([name, { what }]) =>
    name in outputs ? ["", `${name}: ${what}`, text(outputs[name])] : [],
  );
  return [...values, ...commands, ""].join("\n");
}

/** What was added to a stack may be anything. */
function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
