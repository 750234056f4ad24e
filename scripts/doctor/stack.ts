import { isOpen, parseSchedule } from "../../infra/config/rules/schedule.ts";
import type { Project } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import type { Properties } from "../../project/values.ts";
import type { AwsProviderConfig } from "../../infra/aws/deploying/provider-config.ts";
import { describedContainer } from "../env/container-environment.ts";
import { readDeployedStack } from "../pulumi/deployed-stack.ts";
import { hasOutputs, readOutputs, withoutOutputs } from "../pulumi/outputs.ts";
import { placeIn } from "../pulumi/settings.ts";
import type { StackState } from "../pulumi/state.ts";
import type { Expected, Secrets } from "./site/site.ts";

/** What a stack tells of its Nango. */
export interface StackReading {
  readonly name: string;
  readonly target: "aws" | "docker";
  readonly url: URL;
  readonly connectUrl: URL | undefined;
  readonly secrets: Secrets;
  readonly expected: Expected;
  readonly state: StackState;
  /** Whether the dashboard's logs are kept in a store. */
  readonly hasLogsStore: boolean;
  readonly stopped: boolean;
  /** Whether it is outside the hours of `nango:schedule`. */
  readonly isClosed: boolean;
  readonly allowDataLoss: boolean;
  /** The settings of the AWS provider. */
  readonly provider: AwsProviderConfig;
}

/**
 * Reads outputs, state and configuration of a stack, by the Pulumi CLI.
 * @throws UserError for a stack that cannot be read or is not deployed.
 */
export async function readStack(project: Project, stack: string): Promise<StackReading> {
  const { name, target, cli, state, config, provider } = await readDeployedStack(project, stack);
  const setting = (key: string) => config[`${project.name}:${key}`];
  if (!hasOutputs(state)) throw new UserError(withoutOutputs(name, state, target, placeIn(config)));
  const outputs = await readOutputs(cli, stack, ["--show-secrets"]);
  const { plain } = describedContainer(state.resources, "server");
  return {
    name,
    target,
    ...addressesIn(outputs),
    secrets: secretsIn(outputs),
    expected: expectedOf(plain, target),
    state,
    hasLogsStore: plain["NANGO_LOGS_ENABLED"] === "true",
    stopped: String(setting("stopped")) === "true",
    isClosed: isClosed(setting("schedule"), new Date()),
    allowDataLoss: String(setting("allowDataLoss")) === "true",
    provider,
  };
}

function addressesIn(outputs: Properties): { url: URL; connectUrl: URL | undefined } {
  const { url, connectUrl } = outputs;
  if (typeof url !== "string") throw new UserError("The stack has no output url: npm run up deploys it.");
  return { url: new URL(url), connectUrl: typeof connectUrl === "string" ? new URL(connectUrl) : undefined };
}

export function secretsIn({ dashboardUser, dashboardPassword, apiKeyProd, apiKeyDev }: Properties): Secrets {
  const keys = Object.entries({ prod: apiKeyProd, dev: apiKeyDev });
  return {
    ...(typeof dashboardUser === "string" &&
      typeof dashboardPassword === "string" && {
        dashboard: { user: dashboardUser, password: dashboardPassword },
      }),
    apiKeys: Object.fromEntries(
      keys.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
  };
}

/** By the variables that the server was given. */
function expectedOf(plain: Readonly<Record<string, string>>, target: "aws" | "docker"): Expected {
  const limit = plain["DEFAULT_RATE_LIMIT_PER_MIN"];
  const isOff = plain["FLAG_API_RATE_LIMIT_ENABLED"] === "false";
  return {
    ...(isOff ? { apiRateLimit: "off" as const } : limit !== undefined && { apiRateLimit: Number(limit) }),
    websocketsPath: plain["NANGO_SERVER_WEBSOCKETS_PATH"] ?? "/",
    linksAreCompleted: target === "aws",
  };
}

/** Whether a schedule stops the stack at a moment. One that no deployment would accept stops nothing. */
function isClosed(schedule: unknown, at: Date): boolean {
  try {
    const parsed = parseSchedule(String(schedule ?? "none"));
    return parsed !== undefined && !isOpen(parsed, at);
  } catch {
    return false;
  }
}
