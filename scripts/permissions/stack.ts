import { type Configuration, configurationOf } from "../../rehearsal/configuration.ts";
import { adviceByFlags } from "../../rehearsal/flags.ts";
import { type Answers, rehearse, type Rehearsal, type RehearseOptions } from "../../rehearsal/rehearse.ts";
import { standIns } from "../../rehearsal/stand-ins.ts";
import { type Project, readStackConfiguration } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";
import type { StateResource } from "../pulumi/state.ts";
import { deployedGrants } from "./deployed.ts";
import type { Place } from "./place.ts";
import { type Needed, needed } from "./table.ts";

/** A configuration to find the permissions of. */
export interface Asked {
  readonly stack: string;
  readonly set: Readonly<Record<string, string>>;
  /** The account's ID, where the stack's file does not tell it. */
  readonly account: string | undefined;
  /** What is deployed of it, where that is to be within reach as well, so that it can go. */
  readonly deployed?: readonly StateResource[];
}

/** What a configuration takes, and where. */
export interface Permissions extends Needed {
  readonly place: Place;
  /** What stands in for values that only a deployment can read, a sentence each. */
  readonly standIns: readonly string[];
}

/** An account of no one's, for examples. https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html */
export const exampleAccount = "123456789012";

/**
 * Rehearses the first deployment of a configuration, and says what it takes.
 * @throws UserError when the program fails, or the stack has nothing to do with AWS.
 */
export async function permissionsOf(
  project: Project,
  asked: Asked,
  rehearsing: typeof rehearse = rehearse,
): Promise<Permissions> {
  const { stack, set } = asked;
  const { values } = configurationFor(project, asked);
  if (values[`${project.name}:target`] === "docker") {
    throw new UserError(
      `The stack "${stack}" runs on Docker (nango:target): it takes no permissions in AWS.`,
    );
  }
  const rehearsal = await rehearsed(
    { stack, set, mode: "update", projectDirectory: project.directory },
    rehearsing,
  );
  const { program, findings } = rehearsal;
  // What a refused program did not get to is not in the rehearsal.
  if (program.message !== undefined || program.exitCode !== 0)
    throw new UserError(
      adviceByFlags(program.message ?? findings.map(({ message }) => message).join("\n"), stack, set),
    );
  return permissionsIn(project, asked, rehearsal);
}

/** A rehearsal that goes on where infra/customize.ts adds what it does not know, and takes that for made as it is asked for. */
export async function rehearsed(
  options: RehearseOptions,
  rehearsing: typeof rehearse,
  answers: Answers = {},
): Promise<Rehearsal> {
  const rehearsal = await rehearsing(Object.keys(answers).length === 0 ? options : { ...options, answers });
  const [, unknown] =
    /knows no (?:resource type|function) (\S+):/.exec(
      rehearsal.findings.map(({ message }) => message).join("\n"),
    ) ?? [];
  if (unknown === undefined || unknown in answers) return rehearsal;
  return rehearsed(options, rehearsing, { ...answers, [unknown]: () => ({}) });
}

/** What a rehearsed configuration takes. */
export function permissionsIn(project: Project, asked: Asked, rehearsal: Rehearsal): Permissions {
  const configuration = configurationFor(project, asked);
  const { values } = configuration;
  const tags = defaultTags(values["aws:defaultTags"]);
  const place = {
    account: asked.account ?? allowedAccount(values["aws:allowedAccountIds"]) ?? exampleAccount,
    region: values["aws:region"] ?? "us-east-1",
    resources: rehearsal.resources,
    invokes: rehearsal.invokes,
    defaultTagKeys: Object.keys(tags).toSorted(),
    stackTag: stackTag(tags, asked.stack),
  };
  const { grants, unknown } = needed(rehearsal, place);
  return {
    grants: [...grants, ...deployedGrants(asked.deployed ?? [], place)],
    unknown,
    place,
    standIns: standIns(project, asked.stack, configuration, {}),
  };
}

function configurationFor(project: Project, { stack, set }: Asked): Configuration {
  return configurationOf(project, stack, readStackConfiguration(project, stack), { set, secrets: {} });
}

/** The one account that the stack's file lets be used. */
function allowedAccount(json: string | undefined): string | undefined {
  const ids: unknown = json === undefined ? [] : JSON.parse(json);
  return Array.isArray(ids) && ids.length === 1 ? String(ids[0]) : undefined;
}

function defaultTags(json: string | undefined): Readonly<Record<string, unknown>> {
  const given: unknown = json === undefined ? {} : JSON.parse(json);
  const tags = isRecord(given) ? given["tags"] : undefined;
  return isRecord(tags) ? tags : {};
}

/** The tag that tells the stack: called so, where several have its name for a value. */
function stackTag(tags: Readonly<Record<string, unknown>>, stack: string): Place["stackTag"] {
  const keys = Object.keys(tags).filter((key) => tags[key] === stack);
  const key = keys.find((one) => /stack/i.test(one)) ?? keys.toSorted()[0];
  return key === undefined ? undefined : { key, value: stack };
}
