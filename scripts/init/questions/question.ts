import type { Project } from "../../../project/project.ts";
import type { BackendInUse } from "../../pulumi/settings.ts";
import type { AnswerName, Given } from "../answers.ts";
import type { HostedZones } from "../hosted-zones.ts";
import type { Profile } from "../profiles.ts";

/** What there is on this machine and in the account. */
export interface Surroundings {
  readonly project: Project;
  readonly environment: NodeJS.ProcessEnv;
  /** The stacks that have a file. */
  readonly stacks: readonly string[];
  readonly profiles: readonly Profile[];
  readonly backend: BackendInUse;
  /** Whether there is a terminal to ask in. */
  readonly canAsk: boolean;
  /** The stacks that this backend has of the project; none where it cannot be asked at once. Asked once. */
  stacksInBackend(): Promise<readonly string[]>;
  /** The public hosted zones of the account that the answers lead to; asked once for each. */
  hostedZones(answers: Given): Promise<HostedZones>;
  /** What is to be known of a zone of the account, by what the world's DNS says of it. */
  delegation(reference: string, answers: Given): Promise<string | undefined>;
}

/** One of the answers among which somebody chooses; `undefined` stands for one that is typed. */
export interface Choice {
  readonly value: string | undefined;
  readonly label: string;
  readonly hint?: string;
}

/** A value that goes without saying, undefined where none does. */
type Preset = string | undefined;

/** Something that `npm run init` has to know. */
export interface Question {
  readonly name: AnswerName;
  /** Its flag, without the dashes. */
  readonly flag: string;
  /** What stands for its value in the help. @default the flag */
  readonly value?: string;
  /** What its flag is, for the help. */
  readonly about: string;
  /** What is asked. */
  readonly message: string;
  /** What the flag takes, in a few words. */
  readonly legal: string;
  /** Why the answers so far leave no room for it; undefined where it has to be answered. */
  without?(answers: Given, around: Surroundings): string | undefined;
  /**
   * The value that `--yes` takes, and that stands in the prompt.
   * @param answers Those so far, and what flags say of later questions, which may be wrong.
   */
  preset?(answers: Given, around: Surroundings): Preset | Promise<Preset>;
  /** Whether nobody has to be told that the preset was taken. @default false */
  readonly isMinor?: boolean;
  /** A value to show in the prompt, where none goes without saying. */
  example?(answers: Given): string;
  choices?(answers: Given, around: Surroundings): readonly Choice[] | Promise<readonly Choice[]>;
  /** The answer as it is kept. @default as it was given */
  kept?(text: string, answers: Given, around: Surroundings): string;
  /** What is wrong with an answer, in a sentence without its end. */
  problem(
    text: string,
    answers: Given,
    around: Surroundings,
  ): string | undefined | Promise<string | undefined>;
  /** What ought to be known before the question, in a line. */
  before?(answers: Given, around: Surroundings): Promise<string | undefined>;
  /** What ought to be known of a legal answer. */
  warning?(text: string, answers: Given, around: Surroundings): Promise<string | undefined>;
}
