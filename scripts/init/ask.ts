// The questions at a terminal.

import * as prompts from "@clack/prompts";
import type { Asked } from "./gather.ts";

/** Somebody left. */
export class Cancelled extends Error {}

/** Asks a question until its answer is right. @throws Cancelled */
export async function ask(asked: Asked): Promise<string> {
  const { question, answers, around, preset } = asked;
  const choices = (await question.choices?.(answers, around)) ?? [];
  if (choices.length === 0) return typed(asked);
  if (choices.length === 1 && choices[0]?.value !== undefined) return choices[0].value;
  const typing = "\0";
  const chosen = answered(
    await prompts.select({
      message: question.message,
      options: choices.map(({ value = typing, label, hint }) => ({
        value,
        label,
        ...(hint !== undefined && { hint }),
      })),
      ...(preset !== undefined && { initialValue: preset }),
    }),
  );
  if (chosen === typing) return typed(asked);
  const problem = await asked.problem(chosen);
  if (problem === undefined) return chosen;
  prompts.log.error(problem);
  return ask(asked);
}

async function typed({ question, answers, preset, problem }: Asked): Promise<string> {
  const example = question.example?.(answers);
  const options = {
    message: question.message,
    ...(preset !== undefined && { initialValue: preset }),
    ...(example !== undefined && { placeholder: example }),
    validate: (value: string | undefined) => problem(value ?? ""),
  };
  return answered(await prompts.text(options));
}

/** Asks for a yes or no. @throws Cancelled */
export async function confirmed(message: string): Promise<boolean> {
  return answered(await prompts.confirm({ message }));
}

function answered<T>(value: T): Exclude<T, symbol> {
  if (prompts.isCancel(value)) throw new Cancelled();
  return value as Exclude<T, symbol>;
}
