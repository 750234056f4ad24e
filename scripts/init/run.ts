import { rehearse as rehearseAlone } from "../../rehearsal/rehearse.ts";
import { EXIT_USAGE, helpOn, readCommandLine, UsageError } from "../../project/command.ts";
import { printPermissions } from "../../project/run-command.ts";
import { readProject } from "../../project/project.ts";
import { harmless } from "../../project/text.ts";
import { UserError } from "../../project/user-error.ts";
import { hasPassphrase } from "../pulumi/checks.ts";
import { type Answers, type Given, none } from "./answers.ts";
import { Cancelled } from "./ask.ts";
import { carryOut, fileOf, nextSteps, type Plan } from "./carry-out.ts";
import { init, type Wish, wishIn } from "./command-line.ts";
import { type Conversation, converse } from "./conversation.ts";
import { answersOfFile } from "./existing-file.ts";
import { gather } from "./gather.ts";
import { allQuestions, stateQuestions } from "./questions/index.ts";
import type { Surroundings } from "./questions/question.ts";
import type { Rehearse } from "./rehearsal.ts";
import { stackFileText } from "./stack-file.ts";
import {
  backendUrl,
  passphraseAdvice,
  passphraseWarning,
  recordedProvider,
  takesPassphrase,
} from "./state.ts";
import { surroundings } from "./surroundings.ts";

/** The exit code of what was interrupted, as shells have it. */
const EXIT_LEFT = 130;

/** What a test puts in the place of the machine. */
interface Stage {
  /** The folder of Pulumi.yaml. @default the current one */
  readonly directory?: string;
  readonly conversation?: Conversation;
  readonly rehearse?: Rehearse;
}

/** Runs `npm run init` with the arguments; answers its exit code. */
export async function runInit(args: readonly string[], stage: Stage = {}): Promise<number> {
  const { directory = process.cwd(), conversation = converse(), rehearse = rehearseAlone } = stage;
  try {
    const line = readCommandLine(init, args, process.env);
    if (line.help || line.permissions) {
      if (line.help) process.stdout.write(helpOn(init, process.stdout.columns));
      else await printPermissions(init, line.positionals[0]);
      return 0;
    }
    const wish = wishIn(line);
    const around = surroundings(readProject(directory), process.env, conversation.canAsk);
    const plan = await planOf(wish, around, conversation);
    if (wish.isDryRun) {
      conversation.show(dryRun(plan));
      return 0;
    }
    if (!(await conversation.agrees(plan))) throw new Cancelled();
    await carryOut(plan, rehearse);
    conversation.end(nextSteps(plan));
    return 0;
  } catch (error) {
    if (error instanceof Cancelled) {
      conversation.fail("Nothing was written.");
      return EXIT_LEFT;
    }
    if (!(error instanceof UserError)) throw error;
    conversation.fail(harmless(error.message));
    return error instanceof UsageError ? EXIT_USAGE : 1;
  }
}

/** Finds out what is to be done. */
async function planOf(wish: Wish, around: Surroundings, conversation: Conversation): Promise<Plan> {
  const { given } = wish;
  const { project, stacks, environment } = around;
  const manner = conversation.manner(wish.takesPresets);
  const isThere = given.stack !== undefined && stacks.includes(given.stack);
  const fromFile = isThere ? answersOfFile(project, given.stack, given, environment) : {};
  const asked = (isThere ? stateQuestions : allQuestions).filter(
    ({ name }) => fromFile[name] === undefined && !(wish.isDryRun && name === "passphraseFile"),
  );
  const answers = await gather(asked, given, around, manner, fromFile);
  const { backend: choice = "later", secretsProvider = "default" } = answers;
  const backend = backendUrl(choice, around.backend);
  if (takesPassphrase(secretsProvider, backend)) {
    const weak = answers.target === "docker" ? undefined : passphraseWarning(environment);
    if (weak !== undefined) manner.tell(weak, "warning");
    const isInFile = (answers.passphraseFile ?? given.passphraseFile ?? none) !== none;
    if (conversation.canAsk && !isInFile && !hasPassphrase(environment))
      manner.tell(passphraseAdvice(), "note");
  }
  return {
    project,
    answers: withStack(answers),
    fileText: isThere
      ? undefined
      : stackFileText(withStack(answers), recordedProvider(secretsProvider, backend)),
    backend,
    needsLogin: backend !== undefined && backend !== around.backend.url,
    canAsk: conversation.canAsk,
    tell: (line) => conversation.show(line),
  };
}

function withStack(answers: Given): Given & Pick<Answers, "stack"> {
  return { ...answers, stack: answers.stack ?? "" };
}

/** What would be written and made. */
function dryRun(plan: Plan): string {
  const { answers, backend, fileText, needsLogin } = plan;
  const provider = answers.secretsProvider ?? "default";
  return [
    ...(fileText === undefined
      ? [`${fileOf(plan)} is there, and would be left as it is.`]
      : [`${fileOf(plan)} would be:`, "", fileText]),
    ...(backend === undefined
      ? ["No stack would be made: no state backend is chosen."]
      : ["These would be run:"]),
    ...(needsLogin ? [`  npx pulumi login '${backend}'`] : []),
    ...(backend === undefined
      ? []
      : [`  npx pulumi stack init ${answers.stack} --secrets-provider '${provider}'`]),
    `  npm start -- ${answers.stack}`,
    "Nothing was written.",
  ].join("\n");
}
