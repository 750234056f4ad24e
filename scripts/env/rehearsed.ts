import { UserError } from "../../project/user-error.ts";
import type { Project } from "../../project/project.ts";
import { rehearse } from "../../rehearsal/rehearse.ts";
import { type ContainerEnvironment, describedContainer } from "./container-environment.ts";

/**
 * The environment that a deployment of the stack would give a container, with made-up values for what only a deployment
 * knows. Its secrets are worth nothing.
 * @param run how it is rehearsed
 * @throws UserError when the stack's program fails, or has no such container.
 */
export async function rehearsedEnvironment(
  project: Project,
  { stack, service }: { readonly stack: string; readonly service: string },
  run: typeof rehearse = rehearse,
): Promise<ContainerEnvironment> {
  const rehearsal = await run({ stack, mode: "update", projectDirectory: project.directory });
  const { message } = rehearsal.program;
  if (message !== undefined) throw new UserError(message);
  const { plain, secretNames } = describedContainer(rehearsal.resources, service);
  return { plain, secret: Object.fromEntries(secretNames.map((name) => [name, ""])) };
}
