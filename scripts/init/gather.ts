import { UserError } from "../../project/user-error.ts";
import { type Answers, type Given, none } from "./answers.ts";
import type { Question, Surroundings } from "./questions/question.ts";

/** A question as it is put to somebody. */
export interface Asked {
  readonly question: Question;
  readonly answers: Given;
  readonly around: Surroundings;
  readonly preset: string | undefined;
  /** What is wrong with an answer, by which it is asked for again. */
  problem(text: string): Promise<string | undefined>;
}

/** How answers come that no flag gives. */
export interface Manner {
  /** Asks somebody; undefined where nobody can be asked. */
  readonly ask: ((asked: Asked) => Promise<string>) | undefined;
  /** Whether to take whatever goes without saying. */
  readonly takesPresets: boolean;
  /** Tells a line that is no question. */
  tell(line: string, kind: "problem" | "warning" | "note"): void;
}

/**
 * Answers questions: by what is given, by asking, or by what goes without saying.
 * @param settled What is answered already, and right.
 * @throws UserError with everything that is wrong or missing, where nobody can be asked.
 */
export async function gather(
  questions: readonly Question[],
  given: Given,
  around: Surroundings,
  manner: Manner,
  settled: Given = {},
): Promise<Given> {
  let answers = settled;
  const wrong: string[] = [];
  const missing: Missing[] = [];
  for (const question of questions) {
    const { name, flag } = question;
    const refusal = question.without?.(answers, around);
    if (refusal !== undefined) {
      if (given[name] !== undefined && given[name] !== none) wrong.push(`--${flag} ${refusal}.`);
      continue;
    }
    const asked = await prepared(question, answers, given, around);
    const { text, problem } = await answerTo(asked, given[name], manner);
    if (problem !== undefined)
      wrong.push(
        `${name === "stack" ? "<stack>" : `--${flag}`}: ${ended(problem)} It takes ${question.legal}.`,
      );
    else if (text === undefined) {
      missing.push({ question, preset: asked.preset });
      // What --yes would take leads to further questions, whose answers are missing, too.
      if (asked.preset !== undefined) answers = { ...answers, [name]: asked.preset };
    } else {
      const kept = question.kept?.(text, answers, around) ?? text;
      const warning = await question.warning?.(kept, answers, around);
      if (warning !== undefined) manner.tell(warning, "warning");
      answers = { ...answers, [name]: kept } satisfies Partial<Answers>;
    }
  }
  if (wrong.length > 0 || missing.length > 0) throw new UserError(complaint(wrong, missing));
  return answers;
}

async function prepared(
  question: Question,
  answers: Given,
  given: Given,
  around: Surroundings,
): Promise<Asked> {
  return {
    question,
    answers,
    around,
    preset: given[question.name] ?? (await question.preset?.({ ...given, ...answers }, around)),
    problem: async (text) => {
      const found = await question.problem(text.trim(), answers, around);
      return found?.replace(/\.$/, "");
    },
  };
}

/** The answer that is given, else the one that goes without saying, else what somebody says. */
async function answerTo(
  asked: Asked,
  given: string | undefined,
  { ask, takesPresets, tell }: Manner,
): Promise<{ readonly text?: string; readonly problem?: string }> {
  const { question, preset } = asked;
  const quiet = takesPresets || (ask === undefined && question.isMinor === true);
  const text = given ?? (quiet ? preset : undefined);
  const problem = text === undefined ? undefined : await asked.problem(text);
  if (text !== undefined && problem === undefined) return { text: text.trim() };
  if (ask === undefined) return problem === undefined ? {} : { problem };
  if (problem !== undefined) tell(ended(problem), "problem");
  const note = await question.before?.(asked.answers, asked.around);
  if (note !== undefined) tell(note, "note");
  return { text: (await ask(asked)).trim() };
}

/** A sentence with its end. One that asks back has it already. */
function ended(sentence: string): string {
  return sentence.endsWith("?") ? sentence : `${sentence}.`;
}

interface Missing {
  readonly question: Question;
  readonly preset: string | undefined;
}

/** Everything that is wrong or missing, with what to do about it. */
function complaint(wrong: readonly string[], missing: readonly Missing[]): string {
  const width = Math.max(0, ...missing.map(({ question }) => question.flag.length)) + 4;
  const lines = missing.map(({ question: { name, flag, legal }, preset }) => {
    const taken = preset === undefined ? "" : ` (--yes: ${preset})`;
    return `  ${(name === "stack" ? "<stack>" : `--${flag}`).padEnd(width)}${legal}${taken}`;
  });
  return [
    ...wrong,
    ...(missing.length > 0
      ? [
          "There is no terminal to ask in, so each answer has to be in the command. Missing:",
          ...lines,
          ...(missing.some(({ preset }) => preset !== undefined)
            ? ["With --yes what stands in brackets is taken."]
            : []),
        ]
      : []),
    "Nothing was written.",
  ].join("\n");
}
