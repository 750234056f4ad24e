import * as prompts from "@clack/prompts";
import { wrapped } from "../../project/text.ts";
import { ask, confirmed } from "./ask.ts";
import { fileOf, type Plan } from "./carry-out.ts";
import type { Manner } from "./gather.ts";

/** How to speak with whoever runs the command: at a terminal, or by lines alone. */
export interface Conversation {
  readonly canAsk: boolean;
  manner(takesPresets: boolean): Manner;
  show(text: string): void;
  /** Whether the plan may be carried out. */
  agrees(plan: Plan): Promise<boolean>;
  end(text: string): void;
  /** Ends it before its end. */
  fail(text: string): void;
}

/** Columns of what is told at most, and at least, whatever a terminal says of itself. */
const [widest, narrowest] = [100, 40];
/** The line that prompts draw before each line of theirs. */
const gutter = "│  ";

/** A line that is told, in lines that fit a terminal of so many columns beside what prompts draw. */
export function toldLines(line: string, columns: number = widest): string {
  const width = Math.max(narrowest, Math.min(widest, columns)) - gutter.length;
  return wrapped(line, width).join("\n");
}

/** A conversation with whoever sits there. */
export function converse(): Conversation {
  return process.stdin.isTTY && process.stdout.isTTY ? atTerminal() : byLines();
}

function atTerminal(): Conversation {
  let takesPresets = false;
  let begun = false;
  const begin = () => {
    if (!begun) prompts.intro("A new stack of Nango");
    begun = true;
  };
  return {
    canAsk: true,
    manner: (presets) => {
      takesPresets = presets;
      begin();
      return {
        takesPresets,
        ask,
        tell: (line, kind) => {
          const say = { problem: prompts.log.error, warning: prompts.log.warn, note: prompts.log.info }[kind];
          say(toldLines(line, process.stdout.columns));
        },
      };
    },
    show: (text) => prompts.log.message(text),
    agrees: async (plan) => {
      if (takesPresets) return true;
      if (plan.fileText !== undefined) prompts.note(plan.fileText.trimEnd(), fileOf(plan));
      const makes = plan.backend === undefined ? "" : ` and make the stack in ${plan.backend}`;
      return confirmed(
        plan.fileText === undefined ? `Go on with ${fileOf(plan)}${makes}?` : `Write it${makes}?`,
      );
    },
    end: (text) => prompts.outro(text),
    fail: (text) => prompts.cancel(text),
  };
}

function byLines(): Conversation {
  const show = (text: string) => void process.stdout.write(`${text}\n`);
  const warn = (text: string) => void process.stderr.write(`${text}\n`);
  return {
    canAsk: false,
    manner: (takesPresets) => ({
      takesPresets,
      ask: undefined,
      tell: (line, kind) => warn(kind === "warning" ? `warning: ${line}` : line),
    }),
    show,
    agrees: async () => true,
    end: show,
    fail: warn,
  };
}
