import { parseImage, type Image } from "../../infra/nango/image.ts";
import type { AwsProviderConfig } from "../../infra/aws/deploying/provider-config.ts";
import { bareStackName, type Project } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { isRecord, type Properties } from "../../project/values.ts";
import { configurationOf } from "../../rehearsal/configuration.ts";
import type { Rehearsal, rehearse } from "../../rehearsal/rehearse.ts";
import { bad, good, type Outcome, type Result, skipped } from "../checks/check.ts";
import { rehearsed } from "../permissions/stack.ts";
import { hasPassphrase, missing } from "../pulumi/checks.ts";
import { findCli } from "../pulumi/cli.ts";
import { providerIn, readConfig } from "../pulumi/deployed-stack.ts";
import { readSettings, type Settings } from "../pulumi/settings.ts";
import { notInBackend, readState, type StackState } from "../pulumi/state.ts";

/** What there is of a stack on this machine and in its state backend. */
export interface StackReading {
  readonly name: string;
  readonly target: "aws" | "docker";
  readonly settings: Settings;
  /** Undefined for a stack that is new, and where the state cannot be read. */
  readonly state: StackState | undefined;
  /** The settings of the AWS provider, as far as they can be read. */
  readonly provider: AwsProviderConfig;
  /** Those of them that can only be read once the stack is there. */
  readonly unreadable: readonly string[];
  /** `awskms://...` of a stack that is not made yet, whose key has to be there. */
  readonly keyToCome: string | undefined;
  readonly results: readonly Result[];
}

const backend = { id: "state-backend", title: "State backend" };
const secrets = { id: "secrets", title: "Secrets" };

/**
 * Reads a stack, by the Pulumi CLI where that can be.
 * @param canAsk Whether the Pulumi CLI will be able to ask for a passphrase.
 * @throws UserError for a stack that has no file.
 */
export async function readStack(project: Project, stack: string, canAsk: boolean): Promise<StackReading> {
  const settings = readSettings(project, stack, process.env);
  const target = settings.config[`${project.name}:target`] === "docker" ? "docker" : "aws";
  const plain = plainValues(settings.config);
  const known = { name: bareStackName(stack), target, settings } as const;
  const fromFile = {
    ...known,
    state: undefined,
    provider: providerIn(plain),
    unreadable: Object.keys(settings.config).filter((key) => key.startsWith("aws:") && !(key in plain)),
    keyToCome: undefined,
  };
  const lacking = await missing(settings, {
    project: project.name,
    stack,
    environment: process.env,
    canAsk,
    reachesCloud: false,
  });
  if (lacking.length > 0)
    return { ...fromFile, results: lacking.map((line) => ({ ...backend, ...asOutcome(line) })) };
  try {
    return await readFromBackend(stack, fromFile, canAsk);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...fromFile, results: [{ ...backend, ...asOutcome(error.message.trim()) }] };
  }
}

async function readFromBackend(
  stack: string,
  fromFile: Omit<StackReading, "results">,
  canAsk: boolean,
): Promise<StackReading> {
  const { settings } = fromFile;
  const cli = await findCli(settings.minimumVersion, process.env);
  const state = await readState(cli, stack);
  if (state === undefined) return { ...fromFile, ...newStack(stack, settings) };
  const read = await readConfig(cli, stack).catch((error: unknown) => error as Error);
  const there = { ...backend, ...good(`${String(settings.backend)} has the stack`) };
  if (read instanceof Error)
    return { ...fromFile, state, results: [there, { ...secrets, ...unreadableSecrets(read, canAsk) }] };
  const decrypted = { ...secrets, ...good("the stack's secrets can be read") };
  return { ...fromFile, state, provider: providerIn(read), unreadable: [], results: [there, decrypted] };
}

/** A line of what is missing says what, and then what to do. */
function asOutcome(line: string): Outcome {
  const [, says = line, remedy = "choose another backend, or mend the way to it: npx pulumi login <url>"] =
    /^(.*?)[.:] (.*)$/s.exec(line) ?? [];
  return bad(says, remedy);
}

function firstLine(text: string): string {
  return text.split("\n").find((line) => line.trim() !== "") ?? text;
}

/** Without a passphrase at hand the CLI asks for it in the deployment. */
function unreadableSecrets({ message }: Error, canAsk: boolean): Outcome {
  if (canAsk && !hasPassphrase(process.env)) return skipped("Pulumi will ask for the passphrase");
  return bad(
    `the secrets of the stack cannot be read: ${firstLine(message)}`,
    "give the passphrase that they were encrypted with, or the right to use the key of the stack's secretsprovider",
  );
}

function newStack(
  stack: string,
  { backend: url, secretsProvider, wasMade }: Settings,
): Pick<StackReading, "keyToCome" | "results"> {
  if (wasMade)
    return {
      keyToCome: undefined,
      results: [
        {
          ...backend,
          ...bad(
            `the stack was made before, since its file holds a salt or key, but not in ${String(url)}`,
            `${notInBackend(stack, url).replace(/^.*?\. /, "")} To make it anew: npx pulumi stack init ${stack}`,
          ),
        },
      ],
    };
  const isKey = secretsProvider?.startsWith("awskms://") === true;
  const isNew = {
    ...backend,
    ...good(`${String(url)} is there, and gets the stack at its first deployment`),
  };
  const provider = secretsProvider ?? "default";
  return {
    keyToCome: isKey ? secretsProvider : undefined,
    results: [
      isNew,
      ...(isKey
        ? []
        : [
            {
              ...secrets,
              ...skipped(`${provider} is asked when the stack is made, at its first deployment`),
            },
          ]),
    ],
  };
}

/** What stands in the stack's file in the clear. */
function plainValues(config: Settings["config"]): Properties {
  const isSecure = (value: unknown): boolean =>
    (isRecord(value) && "secure" in value) ||
    (typeof value === "object" && value !== null && Object.values(value).some(isSecure));
  return Object.fromEntries(Object.entries(config).filter(([, value]) => !isSecure(value)));
}

/** A stack's plan, or why there is none. */
export type Rehearsed =
  | {
      readonly rehearsal: Rehearsal;
      readonly image: Image;
      readonly imageSource: string;
      readonly result: Result;
    }
  | { readonly rehearsal: undefined; readonly result: Result };

const configuration = { id: "configuration", title: "Configuration" };

/** Rehearses the stack, which is what the program says of its configuration. */
export async function rehearsePlan(
  project: Project,
  stack: string,
  rehearsing: typeof rehearse,
): Promise<Rehearsed> {
  try {
    const rehearsal = await rehearsed(
      { stack, mode: "update", projectDirectory: project.directory },
      rehearsing,
    );
    const { program, findings, resources } = rehearsal;
    if (program.message !== undefined || program.exitCode !== 0)
      return refused(program.message ?? findings.map(({ message }) => message).join("\n"));
    const { values } = configurationOf(project, stack, readSettings(project, stack, {}).config, {
      set: {},
      secrets: {},
    });
    const made = resources.filter(({ custom }) => custom).length;
    return {
      rehearsal,
      image: parseImage(values[`${project.name}:image`] ?? ""),
      imageSource: values[`${project.name}:imageSource`] ?? "docker-hub",
      result: { ...configuration, ...good(`the program takes it, and makes ${made} resources of it`) },
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return refused(error.message);
  }
}

function refused(message: string): Rehearsed {
  // An error of the code says where it is, one of the configuration does not.
  const place = /^\s*at (\S+):\d+:\d+$/m.exec(message)?.[1] ?? "the stack's file";
  return {
    rehearsal: undefined,
    result: {
      ...configuration,
      ...bad(message.trim(), `mend it in ${place}; npm start shows what comes of it`),
    },
  };
}
