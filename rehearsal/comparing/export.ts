// A file that `pulumi stack export` wrote.
// https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/go/common/apitype/core.go

import { z } from "zod";

import { readTextFile } from "../../project/text-file.ts";
import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";
import type { StateResource } from "./state-resource.ts";

/** The newest form of a state that the CLI writes: since 3.150, where a state has what older ones do not know. */
const latestVersion = 4;

const values = z.record(z.string(), z.unknown()).nullish();
const texts = z.array(z.string()).nullish();
const flag = z.boolean().optional();

const resource = z.looseObject({
  urn: z.string().regex(/^urn:pulumi:[^:]+::[^:]+::.+::.+$/, "no URN of a resource"),
  type: z.string().min(1),
  custom: flag,
  id: z.string().optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  inputs: values,
  outputs: values,
  dependencies: texts,
  propertyDependencies: z.record(z.string(), texts).nullish(),
  aliases: texts,
  ignoreChanges: texts,
  replaceOnChanges: texts,
  additionalSecretOutputs: texts,
  protect: flag,
  retainOnDelete: flag,
  delete: flag,
});

/**
 * The resources of an export, without those that Pulumi keeps for itself.
 * @throws UserError for a file that is none, or of another project or stack.
 */
export function readExport(
  file: string,
  { project, stack }: { readonly project: string; readonly stack: string },
): StateResource[] {
  const writes = `npx pulumi stack export -s ${stack} --file ${file} writes one`;
  const all = resourcesIn(file, writes);
  const [, itsStack, itsProject] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(all[0]?.urn ?? "") ?? [];
  if (itsStack !== undefined && itsProject !== project)
    throw new UserError(
      `${file} is of another project, "${itsProject}", and this is "${project}": ${writes} of this project`,
    );
  if (itsStack !== undefined && itsStack !== stack)
    throw new UserError(
      `${file} is of the stack "${itsStack}", and compares with that only: npm start -- ${itsStack} --against ${file}`,
    );
  return all.filter(
    ({ type, urn, delete: isLeftOver }) =>
      isLeftOver !== true && !(type.startsWith("pulumi:providers:") && /::default(?:_[^:]*)?$/.test(urn)),
  );
}

function resourcesIn(file: string, writes: string): readonly StateResource[] {
  const content = parsed(file, writes);
  const { deployment, checkpoint, version } = isRecord(content) ? content : {};
  const latest = isRecord(checkpoint) ? checkpoint["latest"] : deployment;
  if (!isRecord(latest)) throw new UserError(`${file} is no export of a stack: ${writes}`);
  if (typeof version === "number" && version > latestVersion)
    throw new UserError(
      `${file} is of version ${version}, and this project knows exports up to version ${latestVersion}: update the project`,
    );
  const { data, error } = z.array(resource).safeParse(latest["resources"] ?? []);
  const [issue] = error?.issues ?? [];
  if (issue !== undefined)
    throw new UserError(
      `${file} is no whole export of a stack (resources.${issue.path.join(".")}: ${issue.message}): ${writes}`,
    );
  return (data ?? []) as unknown as readonly StateResource[];
}

function parsed(file: string, writes: string): unknown {
  try {
    return JSON.parse(readTextFile(file));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new UserError(`${file} is no export of a stack (${said}): ${writes}`);
  }
}
