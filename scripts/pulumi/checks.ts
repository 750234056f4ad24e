import { existsSync } from "node:fs";
import type { AwsProviderConfig } from "../../infra/aws/deploying/provider-config.ts";
import { awsCredentials } from "../../infra/aws/deploying/credentials.ts";
import { isPlaceholder } from "../../infra/config/rules/placeholder-domain.ts";
import { bareStackName } from "../../project/project.ts";
import { isRecord } from "../../project/values.ts";
import type { Settings } from "./settings.ts";

/** What a deployment lacks, each as a line with its remedy. */
export async function missing(
  settings: Settings,
  run: {
    readonly project: string;
    readonly stack: string;
    readonly environment: NodeJS.ProcessEnv;
    /** Whether the Pulumi CLI can ask for a passphrase. */
    readonly canAsk: boolean;
    /** Whether resources of the stack will be looked at or changed. */
    readonly reachesCloud: boolean;
  },
): Promise<string[]> {
  const { config } = settings;
  const target = config[`${run.project}:target`] ?? config["target"] ?? "aws";
  return [
    settings.backend === undefined ? noBackend : undefined,
    needsPassphrase(settings) && !run.canAsk && !hasPassphrase(run.environment)
      ? noPassphrase(run.stack)
      : undefined,
    needsPassphrase(settings) ? passphraseFileMissing(run.environment) : undefined,
    run.reachesCloud && target === "aws" ? await credentialsMissing(config, run.environment) : undefined,
  ].filter((line) => line !== undefined);
}

/**
 * What a stack on AWS still has of the values that the project came with, undefined for nothing. No hosted zone that the
 * world asks is called so.
 */
export function unfilled(project: string, stack: string, { config }: Settings): string | undefined {
  if ((config[`${project}:target`] ?? config["target"]) === "docker") return undefined;
  const left = ["domain", "hostedZone", "connectDomain"].flatMap((key) => {
    const value = config[`${project}:${key}`] ?? config[key];
    return typeof value === "string" && isPlaceholder(value) ? [`${project}:${key} = "${value}"`] : [];
  });
  return left.length === 0
    ? undefined
    : `${left.join(", ")}: a name for examples, which nobody can have. Set these and aws:region in the stack's ` +
        `file to yours, or begin a stack of your own: npm run init -- ${ownName(stack)}.`;
}

/** A name for a stack of one's own, in the place of an example's, which an update of this project may change. */
export function ownName(stack: string): string {
  return `my-${bareStackName(stack)}`;
}

const noBackend =
  "No state backend is chosen. On this machine, without an account: npx pulumi login file://~ (the state is kept in " +
  "~/.pulumi). For a team: npx pulumi login 's3://<bucket>?region=<region>'.";

const noPassphrase = (stack: string): string =>
  `The secrets of stack "${stack}" are encrypted with a passphrase, and none is set: set PULUMI_CONFIG_PASSPHRASE, or ` +
  "PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it. Keep it: without it the stack's secrets are lost.";

/** https://github.com/pulumi/pulumi/blob/1b5949891b3cefcb9974752b24a5ecef0acc86c8/pkg/cmd/pulumi/stack/secrets.go#L195-L250 */
function needsPassphrase({ backend, secretsProvider, wasMade }: Settings): boolean {
  if (secretsProvider !== undefined && secretsProvider !== "default") return secretsProvider === "passphrase";
  // Pulumi Cloud encrypts by itself; for any other backend a passphrase is the default.
  return wasMade || (backend !== undefined && backend !== "encrypted" && !/^https?:/.test(backend));
}

/** An empty passphrase is one, too: https://github.com/pulumi/pulumi/blob/1b5949891b3cefcb9974752b24a5ecef0acc86c8/pkg/secrets/passphrase/manager.go#L378-L400 */
export function hasPassphrase(environment: NodeJS.ProcessEnv): boolean {
  const file = environment["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "";
  return environment["PULUMI_CONFIG_PASSPHRASE"] !== undefined || file !== "";
}

/** The CLI reads the file only where the passphrase itself is not set. */
function passphraseFileMissing(environment: NodeJS.ProcessEnv): string | undefined {
  const { PULUMI_CONFIG_PASSPHRASE: itself, PULUMI_CONFIG_PASSPHRASE_FILE: file = "" } = environment;
  return itself !== undefined || file === "" || existsSync(file)
    ? undefined
    : `PULUMI_CONFIG_PASSPHRASE_FILE = "${file}" is no file: give the one that holds the passphrase, by its whole path, ` +
        "or set PULUMI_CONFIG_PASSPHRASE.";
}

/** Looks for the credentials that the provider will start from. A machine without any says so after about a second. */
async function credentialsMissing(
  config: Settings["config"],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const settings = Object.entries(config).flatMap(([key, value]) =>
    key.startsWith("aws:") ? [[key.slice(4), value]] : [],
  );
  const provider = Object.fromEntries(settings) as Record<keyof AwsProviderConfig, unknown>;
  // Only the CLI can decrypt, and a web identity's token may serve once only.
  const isEncrypted = settings.some(([, value]) => isRecord(value) && "secure" in value);
  if (isEncrypted || provider.accessKey !== undefined || provider.assumeRoleWithWebIdentity !== undefined)
    return undefined;
  try {
    const credentials = await awsCredentials({ ...(provider as AwsProviderConfig), assumeRoles: [] });
    if (typeof credentials === "function") await credentials();
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message.split("\n")[0] : String(error);
    const [profile, origin] =
      provider.profile === undefined
        ? [environment["AWS_PROFILE"] ?? "", "AWS_PROFILE"]
        : [String(provider.profile), "aws:profile"];
    if (profile !== "") {
      return (
        `AWS credentials are missing (${said}): profile "${profile}" (${origin}) does not exist or gives none. Run aws ` +
        `configure or aws sso login with --profile ${profile}; aws configure list-profiles shows those that there are.`
      );
    }
    return (
      `AWS credentials are missing (${said}): run aws configure or aws sso login, name a profile with AWS_PROFILE or aws:profile, or ` +
      "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    );
  }
}
