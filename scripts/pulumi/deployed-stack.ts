import type { AwsProviderConfig } from "../../infra/aws/deploying/provider-config.ts";
import { bareStackName, type Project } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { isRecord, type Properties } from "../../project/values.ts";
import { ask } from "./cli.ts";
import { readyCli } from "./ready.ts";
import type { Settings } from "./settings.ts";
import { notInBackend, readState, type StackState } from "./state.ts";

/** A stack that has a state, whether or not a deployment of it has ended well. */
export interface DeployedStack {
  readonly name: string;
  readonly target: "aws" | "docker";
  /** The Pulumi CLI's path. */
  readonly cli: string;
  readonly state: StackState;
  readonly settings: Settings;
  /** A value of the configuration, decrypted, by a key such as `aws:region`. */
  readonly config: Properties;
  /** The settings of the AWS provider. */
  readonly provider: AwsProviderConfig;
}

/**
 * Reads state and configuration of a stack, by the Pulumi CLI.
 * @throws UserError for a stack that cannot be read or was never deployed.
 */
export async function readDeployedStack(project: Project, stack: string): Promise<DeployedStack> {
  const { cli, settings } = await readyCli(project, stack, { reachesCloud: false });
  const name = bareStackName(stack);
  const reading = readConfig(cli, stack);
  // Of a stack that is not there the configuration cannot be read either, for which the CLI has but its own words.
  reading.catch(() => {});
  const state = await readState(cli, stack);
  if (state === undefined) throw new UserError(notInBackend(name, settings.backend));
  const config = await reading;
  const target = config[`${project.name}:target`] === "docker" ? "docker" : "aws";
  return { name, target, cli, state, settings, config, provider: providerIn(config) };
}

/** The configuration of a stack, decrypted, by key. */
export async function readConfig(cli: string, stack: string): Promise<Properties> {
  const answer = await ask(cli, [
    "config",
    "--show-secrets",
    "--json",
    "--stack",
    stack,
    "--non-interactive",
  ]);
  if (answer.code !== 0) throw new UserError(answer.stderr.trimEnd());
  const entries = Object.entries(JSON.parse(answer.stdout) as Properties);
  return Object.fromEntries(
    entries.map(([key, entry]) => [
      key,
      isRecord(entry) ? (entry["objectValue"] ?? entry["value"]) : undefined,
    ]),
  );
}

/** https://github.com/pulumi/pulumi-aws/blob/v7.48.0/sdk/nodejs/config/vars.ts reads booleans as they are written. */
export function providerIn(config: Properties): AwsProviderConfig {
  const settings = Object.entries(config).flatMap(([key, value]) =>
    key.startsWith("aws:")
      ? [[key.slice(4), value === "true" ? true : value === "false" ? false : value]]
      : [],
  );
  return Object.fromEntries(settings) as AwsProviderConfig;
}
