import { UserError } from "../../project/user-error.ts";

/** What AWS, or the way to it, answered, as a message with a way out; what is no such answer stays as it is. */
export function awsRefusal(error: unknown, stack: string, permissions: readonly string[]): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const { name, message } = error;
  const isAnswer = "$metadata" in error || "code" in error || /Credentials|Token/.test(name);
  if (!isAnswer) return error;
  const said = `${name === "Error" ? "" : `${name}: `}${message.replace(/\s+/g, " ")}`;
  if (/AccessDenied|UnauthorizedOperation|NotAuthorized/.test(said))
    return new UserError(
      `AWS refuses: ${said}\nThese credentials need ${permissions.join(", ")}: npm run permissions -- ${stack} --for operate`,
    );
  return new UserError(`AWS does not answer as it should: ${said}`);
}
