import path from "node:path";
import { readProject } from "../../../project/project.ts";
import type { Surroundings } from "../../../scripts/init/questions/question.ts";

/** Surroundings without anything: no profile, no login, no credentials. */
export function bare(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    project: readProject(path.resolve(import.meta.dirname, "../../..")),
    environment: {},
    stacks: ["dev", "local", "production"],
    profiles: [],
    canAsk: false,
    stacksInBackend: async () => [],
    backend: { url: undefined, decidedBy: undefined },
    hostedZones: async () => ({ unknown: "The account's hosted zones cannot be listed (no credentials)." }),
    delegation: async () => undefined,
    ...changes,
  };
}

/** An account with these zones. */
export const zones = (...names: string[]): Pick<Surroundings, "hostedZones"> => ({
  hostedZones: async () => ({ zones: names.map((name, index) => ({ id: `Z0000000${index}`, name })) }),
});
