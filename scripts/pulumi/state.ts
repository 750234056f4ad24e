import { UserError } from "../../project/user-error.ts";
import { isRecord, type Properties } from "../../project/values.ts";
import { ask } from "./cli.ts";

/** A resource as a stack's state holds it; secrets are encrypted. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Of what is real, and not a component. */
  readonly id?: string;
  readonly parent?: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  readonly protect?: boolean;
  readonly custom?: boolean;
  /** Waits to be deleted: something else has taken its place. */
  readonly delete?: boolean;
}

/** What Pulumi had begun when an update ended, and does not know the end of. */
interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: StateResource;
}

/** What the state backend holds of a stack. */
export interface StackState {
  readonly resources: readonly StateResource[];
  readonly pendingOperations: readonly PendingOperation[];
}

/** What to say of a stack that the backend does not have. */
export function notInBackend(stack: string, backend: string | undefined): string {
  return (
    `The state backend${backend === undefined ? "" : ` ${backend}`} has no stack "${stack}". Deploy it: npm run up -- ${stack}. If it is deployed already, its state ` +
    "is in another backend: npx pulumi login <url>."
  );
}

/**
 * The state of a stack; undefined when the backend has no such stack, which is for the command to say.
 * @throws UserError with the CLI's words when the state cannot be read.
 */
export async function readState(cli: string, stack: string): Promise<StackState | undefined> {
  const answer = await ask(cli, ["stack", "export", "--stack", stack, "--non-interactive"]);
  if (answer.code !== 0) {
    if (/no stack named/.test(answer.stderr)) return undefined;
    throw new UserError(answer.stderr.trimEnd());
  }
  const content = answer.stdout.trim() === "" ? {} : (JSON.parse(answer.stdout) as Properties);
  const deployment = isRecord(content["deployment"]) ? content["deployment"] : {};
  const listOf = <T>(key: string): T[] => (Array.isArray(deployment[key]) ? (deployment[key] as T[]) : []);
  return {
    resources: listOf<StateResource>("resources").filter((resource) => resource.delete !== true),
    pendingOperations: listOf<PendingOperation>("pending_operations"),
  };
}
