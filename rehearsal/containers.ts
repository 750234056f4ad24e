// What the program says of its containers: a component may register an output `containers`, of this form by name.

import { createHash } from "node:crypto";

import type { RecordedResource } from "./record.ts";
import { isRecord, masked } from "../project/values.ts";

/** A container as a rehearsal shows it; values that are secret or unknown are words. */
export interface ShownContainer {
  /** Name of the component that the container belongs to. */
  readonly component: string;
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  /** `NAME=value`, sorted; secrets as `NAME=(secret)`. */
  readonly environment: readonly string[];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What tells a text from another one of the same kind and length. */
function fingerprint(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}

/** A text without what is long and says little: a program and certificates are shown by their kind and fingerprint. */
function shortened(word: string): string {
  if (/^data:text\/javascript[;,]/.test(word)) return `(program text, ${fingerprint(word)})`;
  const certificates = word.match(/-----BEGIN [A-Z ]+-----/g)?.length ?? 0;
  return certificates === 0
    ? word
    : `(PEM of ${certificates}, ${word.length} characters, ${fingerprint(word)})`;
}

function environmentLines(environment: unknown, secrets: unknown): string[] {
  const plain = isRecord(environment) ? Object.entries(environment) : [];
  const names = Array.isArray(secrets) ? secrets.map(String) : Object.keys(isRecord(secrets) ? secrets : {});
  return [
    ...plain.map(([name, value]) => `${name}=${shortened(text(value))}`),
    ...names.map((name) => `${name}=(secret)`),
  ].toSorted();
}

/** The containers that the components registered. */
export function shownContainers(resources: readonly RecordedResource[]): ShownContainer[] {
  return resources.flatMap(({ custom, name: component, outputs, secretOutputs }) => {
    const { containers } = masked(outputs, secretOutputs);
    if (custom || !isRecord(containers)) return [];
    return Object.entries(containers).map(([name, container]) => {
      const { image, command, environment, secrets } = isRecord(container) ? container : {};
      return {
        component,
        name,
        image: text(image),
        command: Array.isArray(command) ? command.map(text).map(shortened) : [],
        environment: environmentLines(environment, secrets),
      };
    });
  });
}
