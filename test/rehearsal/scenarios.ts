import { fileURLToPath } from "node:url";

import type { RecordedResource, Rehearsal, RehearseOptions } from "../../rehearsal/rehearse.ts";
import { rehearse } from "../rehearse.ts";

export const scenariosDirectory = fileURLToPath(new URL("fixtures/scenarios", import.meta.url));

/** Rehearses one of the fixture's programs. */
export function scenario(
  name: string,
  options: Partial<RehearseOptions> = {},
  run = rehearse,
): Promise<Rehearsal> {
  const { set = {}, ...rest } = options;
  return run({
    stack: "dev",
    projectDirectory: scenariosDirectory,
    ...rest,
    set: { scenario: name, ...set },
  });
}

/** The resource of that logical name. */
export function named(rehearsal: Rehearsal, name: string): RecordedResource {
  const found = rehearsal.resources.filter((resource) => resource.name === name);
  if (found.length !== 1) throw new Error(`${found.length} resources are called ${name}`);
  return found[0]!;
}

/** What is found about the resource of that logical name, as `property: message`. */
export function findingsOn(rehearsal: Rehearsal, name: string): string[] {
  return rehearsal.findings
    .filter(({ urn }) => urn?.endsWith(`::${name}`))
    .map(({ property, message }) => (property === undefined ? message : `${property}: ${message}`));
}
