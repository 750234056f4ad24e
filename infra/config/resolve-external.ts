import { withTls } from "../nango/connection-url.ts";
import type { Choices } from "./choices.ts";
import type { ExternalDatabaseConfig, ExternalLogsConfig, ExternalRedisConfig } from "./stack-config.ts";

/** Turns a text that must not be seen into what the program keeps of it. */
export type Conceal<Secret> = (text: string) => Secret;

/** A value that the checks demand where it is used. */
export function checked<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a check has let a missing value pass");
  return value;
}

/** A Postgres that is there already. */
export function externalDatabase<Secret>(
  url: string,
  choices: Choices,
  conceal: Conceal<Secret>,
): ExternalDatabaseConfig<Secret> {
  return {
    kind: "external",
    url: conceal(withTls(url, choices.databaseTls)),
    host: new URL(url).hostname,
  };
}

/** A store for logs that is there already. */
export function externalLogs<Secret>(choices: Choices, conceal: Conceal<Secret>): ExternalLogsConfig<Secret> {
  return {
    store: "external",
    retentionDays: choices.logsRetentionDays,
    provider: checked(choices.logsProvider),
    url: checked(choices.logsUrl),
    user: checked(choices.logsUser),
    password: conceal(checked(choices.logsPassword)),
  };
}

/** A Redis that is there already. */
export function externalRedis<Secret>(url: string, conceal: Conceal<Secret>): ExternalRedisConfig<Secret> {
  return { kind: "external", url: conceal(url) };
}
