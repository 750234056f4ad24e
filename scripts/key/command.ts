import { encryptionKeyFingerprint, encryptionKeyProblem } from "../../infra/nango/encryption-key.ts";
import { type CommandLine, wrong } from "../../project/command.ts";
import { bareStackName, type Project, readProject } from "../../project/project.ts";
import { STACK_TYPE } from "../../project/urns.ts";
import { UserError } from "../../project/user-error.ts";
import { deployedEncryptionKey } from "../env/deployed.ts";
import { readyCli } from "../pulumi/ready.ts";
import { notInBackend, readState, type StackState } from "../pulumi/state.ts";
import { key } from "./arguments.ts";

/** Who is asked, and what is piped in. */
export interface Surroundings {
  /** The project's folder. */
  readonly directory: string;
  /** Whether a person reads standard output and can answer. */
  readonly canAsk: boolean;
  readonly confirmed: (question: string) => Promise<boolean>;
  /** A kept key: typed at a terminal, else all of standard input. */
  readonly keptKey: () => Promise<string>;
}

/** What a command says: the output alone is for programs. */
export interface Said {
  readonly output: string;
  readonly remarks: string;
  readonly exitCode: 0 | 1;
}

/**
 * Runs `npm run key`.
 * @throws UserError for a stack that cannot be read or has no key, and for a kept key that is none.
 */
export async function shownOrChecked(
  { values, positionals: [stack = ""] }: CommandLine<(typeof key)["flags"]>,
  surroundings: Surroundings,
): Promise<Said> {
  const { yes = false, check = false } = values;
  if (yes && check) throw wrong(key, "--check shows nothing: --yes is not for it");
  const project = readProject(surroundings.directory);
  return check ? checked(project, stack, surroundings) : shown(project, stack, yes, surroundings);
}

async function shown(
  project: Project,
  stack: string,
  yes: boolean,
  { canAsk, confirmed }: Surroundings,
): Promise<Said> {
  await readyCli(project, stack, { reachesCloud: false });
  if (!yes && !canAsk)
    throw new UserError(
      `The key is shown to a person at a terminal who says yes. For a program: npm run --silent key -- ${stack} --yes`,
    );
  const question = `Show the encryption key of ${stack} here? Whoever has it and the database reads every credential`;
  if (!yes && !(await confirmed(question)))
    return { output: "", remarks: "The key is not shown.\n", exitCode: 1 };
  const found = await deployedEncryptionKey(project, stack);
  return {
    output: `${found}\n`,
    remarks:
      `Its fingerprint is ${encryptionKeyFingerprint(found)}. Keep the key where you keep your most important passwords; ` +
      `npm run key -- ${stack} --check says whether what you kept is right.\n`,
    exitCode: 0,
  };
}

async function checked(project: Project, stack: string, { keptKey }: Surroundings): Promise<Said> {
  // A fingerprint is no secret, so that nothing has to be decrypted.
  const { cli, settings } = await readyCli(project, stack, {
    reachesCloud: false,
    environment: { ...process.env, PULUMI_CONFIG_PASSPHRASE: "" },
  });
  const state = await readState(cli, stack);
  if (state === undefined) throw new UserError(notInBackend(bareStackName(stack), settings.backend));
  const expected = fingerprintIn(state);
  if (expected === undefined)
    throw new UserError(`Stack "${bareStackName(stack)}" has no encryption key: it is not deployed.`);
  // What a file or `echo` ends with is no part of the key.
  const kept = (await keptKey()).replace(/\r?\n$/, "");
  if (kept === "")
    throw new UserError("No key came: type it in at the question, or give it by standard input.");
  const problem = encryptionKeyProblem(kept);
  if (problem !== undefined) throw new UserError(`That is no encryption key: it ${problem}.`);
  const found = encryptionKeyFingerprint(kept);
  return found === expected
    ? { output: `This is the encryption key of ${stack}: ${found}.\n`, remarks: "", exitCode: 0 }
    : {
        output: `This is not the encryption key of ${stack}: its fingerprint is ${found}, that of ${stack} is ${expected}.\n`,
        remarks: "",
        exitCode: 1,
      };
}

/** By the stack's output; before a deployment has ended well, by what was generated. */
function fingerprintIn({ resources }: StackState): string | undefined {
  const ofType = (wanted: string) => resources.find(({ type }) => type === wanted)?.outputs;
  const found = [STACK_TYPE, "nango:index:GeneratedSecrets"]
    .map((type) => ofType(type)?.["encryptionKeyFingerprint"])
    .find((value) => typeof value === "string");
  return typeof found === "string" ? found : undefined;
}
