import type { RecordedResource, Rehearsal } from "../../rehearsal/rehearse.ts";

/** The resources of a type, which may be given by its end, such as `rds/instance:Instance`. */
export function ofType(rehearsal: Rehearsal, type: string): RecordedResource[] {
  return rehearsal.resources.filter((resource) => resource.type.endsWith(type));
}

/** The one resource of a type, or the one of that name among them. */
export function the(rehearsal: Rehearsal, type: string, name?: string): RecordedResource {
  const found = ofType(rehearsal, type).filter((resource) => name === undefined || resource.name === name);
  if (found.length !== 1) throw new Error(`${found.length} resources ${type} ${name ?? ""}`);
  return found[0]!;
}

/** A container as ECS reads it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: string[];
  readonly essential: boolean;
  readonly user: string;
  readonly readonlyRootFilesystem: boolean;
  readonly environment: { name: string; value: string }[];
  readonly secrets: { name: string; valueFrom: string }[];
  readonly dependsOn?: { containerName: string; condition: string }[];
  readonly mountPoints?: { sourceVolume: string; containerPath: string; readOnly: boolean }[];
  readonly linuxParameters: { capabilities?: { drop?: string[]; add?: string[] } };
  readonly healthCheck?: { command: string[]; startPeriod: number };
  readonly stopTimeout?: number;
  readonly portMappings?: { containerPort: number }[];
  readonly logConfiguration: { logDriver: string; options: Record<string, string> };
}

/** The containers of the task definition of that name, by their names. */
export function containersOf(rehearsal: Rehearsal, taskDefinition: string): Record<string, Container> {
  const { inputs } = the(rehearsal, "ecs/taskDefinition:TaskDefinition", taskDefinition);
  const containers = JSON.parse(inputs["containerDefinitions"] as string) as Container[];
  return Object.fromEntries(containers.map((container) => [container.name, container]));
}

export const environmentOf = (container: Container): Record<string, string> =>
  Object.fromEntries(container.environment.map(({ name, value }) => [name, value]));

/** What a deployment replaces or deletes, as `kind type name`. */
export function replacedOrDeleted(rehearsal: Rehearsal): string[] {
  return rehearsal.changes
    .filter(({ kind }) => kind === "replace" || kind === "delete")
    .map(({ kind, type, name }) => `${kind} ${type.split(":").at(-1)} ${name}`)
    .toSorted();
}
