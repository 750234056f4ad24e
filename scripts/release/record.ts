// What the stacks that come with a release are made of: the file test/releases/<version>.json.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import semver from "semver";
import { type Project, readStackConfiguration } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { usual } from "../../rehearsal/record.ts";
import type { RecordedResource, rehearse } from "../../rehearsal/rehearse.ts";

/** The stacks that come with the project. Those of its adopters are theirs. */
export const shippedStacks = ["dev", "local", "production", "search"] as const;

/** A stack as a release deploys it. */
export interface ReleasedStack {
  /** The `config:` of its file in that release. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly resources: readonly RecordedResource[];
}

export interface Release {
  readonly version: string;
  readonly stacks: Readonly<Record<string, ReleasedStack>>;
}

/** A stack as it stands in the file. */
interface WrittenStack {
  readonly configuration: ReleasedStack["configuration"];
  readonly resources: readonly (Partial<RecordedResource> & Pick<RecordedResource, "urn">)[];
}

const folder = (directory: string) => path.join(directory, "test/releases");

/** The versions that are recorded, oldest first. */
export function recordedVersions(directory: string): string[] {
  const versions = readdirSync(folder(directory)).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);
  return versions.toSorted(semver.compare);
}

/** Where today's changes to the stacks of a release are listed. */
export function changesFile(directory: string, version: string): string {
  return path.join(folder(directory), `${version}.txt`);
}

/** @throws UserError for a stack that cannot be deployed as it is. */
export async function recordStack(
  project: Project,
  stack: string,
  rehearsing: typeof rehearse,
): Promise<ReleasedStack> {
  const options = { stack, mode: "update", projectDirectory: project.directory } as const;
  const { resources, findings, program } = await rehearsing(options);
  const problem = program.message ?? findings[0]?.message;
  if (problem !== undefined) throw new UserError(`stack "${stack}" cannot be released: ${problem}`);
  return { configuration: readStackConfiguration(project, stack), resources };
}

export function writeRelease(directory: string, release: Release): void {
  const stacks = Object.entries(release.stacks).map(([name, stack]) => {
    const { configuration, resources }: WrittenStack = {
      ...stack,
      resources: stack.resources.map(shortened),
    };
    // A line for each resource, so that a difference between two releases can be read.
    const lines = resources.map((resource) => JSON.stringify(resource)).join(",\n");
    return `${JSON.stringify(name)}: {"configuration": ${JSON.stringify(configuration)},\n"resources": [\n${lines}\n]}`;
  });
  const text = `{"version": ${JSON.stringify(release.version)}, "stacks": {\n${stacks.join(",\n")}\n}}\n`;
  writeFileSync(path.join(folder(directory), `${release.version}.json`), withoutKeys(text));
}

export function readRelease(directory: string, version: string): Release {
  const text = readFileSync(path.join(folder(directory), `${version}.json`), "utf8");
  const release = JSON.parse(text) as { version: string; stacks: Readonly<Record<string, WrittenStack>> };
  const stacks = Object.entries(release.stacks).map(
    ([name, stack]) => [name, { ...stack, resources: stack.resources.map(restored) }] as const,
  );
  return { version: release.version, stacks: Object.fromEntries(stacks) };
}

/** Read of no resource that is there already. */
const unread: readonly string[] = ["propertyDependencies", "aliases"] satisfies (keyof RecordedResource)[];

/** A resource without what most have, which is not written for each. */
function shortened(resource: RecordedResource): WrittenStack["resources"][number] {
  const { inputs, urn } = resource;
  const outputs = Object.entries(resource.outputs).filter(([key, value]) => !isSame(value, inputs[key]));
  const written = Object.entries({ ...resource, outputs: Object.fromEntries(outputs) }).filter(
    ([key, value]) =>
      !unread.includes(key) &&
      !(key in usual && isSame(value, usual[key as keyof typeof usual])) &&
      !(key === "createdAs" && value === urn),
  );
  return { urn, ...Object.fromEntries(written) };
}

function restored(written: WrittenStack["resources"][number]): RecordedResource {
  const { urn, inputs = {}, outputs = {} } = written;
  return { ...usual, createdAs: urn, ...written, outputs: { ...inputs, ...outputs } } as RecordedResource;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The private keys in it unlock nothing, but look as if they did. */
function withoutKeys(text: string): string {
  return text.replaceAll(/-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?-----END \1-----/gs, "(a private key)");
}
