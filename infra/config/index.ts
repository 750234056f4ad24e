import * as pulumi from "@pulumi/pulumi";
import { parseConfiguration } from "./parse.ts";
import type { AwsConfig, DockerConfig, StackConfig } from "./stack-config.ts";

/** The configuration of a stack on AWS with its secrets as Pulumi keeps them. */
export type ProgramConfig = AwsConfig<pulumi.Output<string>>;
/** The configuration of a stack on Docker with its secrets as Pulumi keeps them. */
export type DockerProgramConfig = DockerConfig<pulumi.Output<string>>;

/** The project's name, and so the namespace of its keys in stack files. */
const projectName = "nango";

/**
 * Reads the configuration of the stack that is being deployed and says what is risky in it.
 * @throws pulumi.RunError, of which Pulumi prints the message alone, with every problem at once.
 */
export function readConfiguration(): StackConfig<pulumi.Output<string>> {
  if (pulumi.getProject() !== projectName)
    throw new pulumi.RunError(
      `Pulumi.yaml names the project "${pulumi.getProject()}". Write "name: ${projectName}" there: every key of the stack files ` +
        `is one of ${projectName}:, which Pulumi reads for a project of that name only. A stack can have any name.`,
    );
  const namespace = `${projectName}:`;
  const all = pulumi.runtime.allConfig();
  const isOwn = (key: string) => key.startsWith(namespace);
  const own = Object.entries(all).filter(([key]) => isOwn(key));
  const secrets = secretKeys();
  try {
    const parsed = parseConfiguration(
      {
        stack: pulumi.getStack(),
        region: all["aws:region"],
        values: Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length), value])),
        secretKeys: new Set(secrets.filter(isOwn).map((key) => key.slice(namespace.length))),
        others: Object.fromEntries(Object.entries(all).filter(([key]) => !isOwn(key))),
        secretOthers: new Set(secrets.filter((key) => !isOwn(key))),
      },
      (text) => pulumi.secret(text),
    );
    for (const warning of parsed.warnings) void pulumi.log.warn(warning);
    return parsed.config;
  } catch (error) {
    throw error instanceof Error ? new pulumi.RunError(error.message) : error;
  }
}

/** The keys that are stored encrypted. Pulumi tells a program in this variable only. */
function secretKeys(): readonly string[] {
  const keys = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
  return keys.map((key) => key.replace(/^([^:]+):config:/, "$1:"));
}
