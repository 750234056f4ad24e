import { UserError } from "../../project/user-error.ts";
import { ask, handOver } from "./cli.ts";
import type { Settings } from "./settings.ts";

/** The backend has a stack of that name, which is somebody's already. */
export class StackInUse extends UserError {
  constructor(stack: string, backend: string | undefined) {
    super(`The state backend ${backend} has a stack "${stack}" already.`);
  }
}

/**
 * Selects the stack, and makes it in the backend if the backend does not have it; answers an exit code. The CLI would
 * ask and make it with a passphrase, removing another `secretsprovider` from the stack's file.
 * https://github.com/pulumi/pulumi/blob/1b5949891b3cefcb9974752b24a5ecef0acc86c8/pkg/secrets/passphrase/manager.go#L312-L322
 * @throws StackInUse for a stack that the backend has, though it is to be a new one.
 */
export async function makeStack(
  cli: string,
  stack: string,
  settings: Settings,
  { isNew = false }: { readonly isNew?: boolean } = {},
): Promise<number> {
  const { backend, secretsProvider, wasMade } = settings;
  const answer = await ask(cli, ["stack", "select", stack, "--non-interactive"]);
  if (answer.code === 0) {
    if (isNew) throw new StackInUse(stack, backend);
    return 0;
  }
  if (!/no stack named/.test(answer.stderr)) {
    process.stderr.write(answer.stderr);
    return answer.code;
  }
  const args = [
    "stack",
    "init",
    stack,
    ...(secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider]),
  ];
  if (wasMade) {
    throw new UserError(
      `Stack "${stack}" was made before, for its file holds a salt or key, but not in the state backend ${backend}: ` +
        `choose the backend that has it (npx pulumi login <url>), or make it anew: npx pulumi ${args.join(" ")}`,
    );
  }
  process.stderr.write(`Stack "${stack}" is new in the state backend ${backend}: making it.\n`);
  return (await handOver(cli, args)).code;
}
