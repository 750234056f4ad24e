import type { RecordedResource, Rehearsal } from "../../../rehearsal/rehearse.ts";
import { rehearse } from "../../rehearse.ts";
import { rehearsal, resource } from "../recorded.ts";

/** A stack of this project as a deployment would make it, in us-east-1. */
export function deployed(stack: string, set: Readonly<Record<string, string>> = {}): Promise<Rehearsal> {
  return rehearse({ stack, mode: "update", set: { "aws:region": "us-east-1", ...set } });
}

/** A rehearsal of nothing but these resources. */
export function graph(...given: readonly (readonly [type: string, inputs: RecordedResource["inputs"]])[]) {
  return rehearsal(given.map(([type, inputs], index) => resource(type, `r${index}`, { inputs })));
}

/** A rehearsal of a service of three tasks, with these properties of each and of itself. */
export function service(task: RecordedResource["inputs"], own: RecordedResource["inputs"]): Rehearsal {
  const definition = resource("aws:ecs/taskDefinition:TaskDefinition", "task", {
    inputs: { cpu: "1024", memory: "2048", ...task },
  });
  const inputs = { desiredCount: 3, networkConfiguration: {}, ...own };
  const propertyDependencies = { taskDefinition: [definition.urn] };
  return rehearsal([
    definition,
    resource("aws:ecs/service:Service", "service", { inputs, propertyDependencies }),
  ]);
}
