import { hasOtherMailer } from "../nango/environment.ts";
import type { SettingValues } from "./values.ts";
import { readPostgresUrl, withVerifiedTls } from "../nango/connection-url.ts";
import { rdsEndpoint } from "./rules/aws-hosts.ts";
import type { ExternalDatabaseConfig, ExternalLogsConfig, ExternalRedisConfig } from "./stack-config.ts";

/** Turns a text that must not be seen into what the program keeps of it. */
export type Conceal<Secret> = (text: string) => Secret;

/** A Postgres that is there already. */
export function externalDatabase<Secret>(
  url: string,
  values: SettingValues,
  conceal: Conceal<Secret>,
): ExternalDatabaseConfig<Secret> {
  return {
    kind: "external",
    url: conceal(withVerifiedTls(url, values.databaseTls)),
    host: new URL(url).hostname,
  };
}

/** The regions of the databases that are there already and are RDS's or Aurora's own, by their host names. */
export function broughtRdsRegions(values: SettingValues): string[] {
  return [values.databaseUrl, values.recordsDatabaseUrl].flatMap((url) => {
    const endpoint = url === undefined ? undefined : rdsEndpoint(readPostgresUrl(url).host);
    return endpoint?.region ?? [];
  });
}

/** Whether records have a database of their own. */
export function separateRecords(values: SettingValues): boolean {
  return values.recordsDatabase === "dedicated" || values.recordsDatabaseUrl !== undefined;
}

/** Whether the records database lies on the server of the main one, so that they share its connections. */
export function onOneServer(values: SettingValues): boolean {
  const { databaseUrl, recordsDatabaseUrl } = values;
  if (databaseUrl === undefined && recordsDatabaseUrl === undefined) return values.target === "docker";
  if (databaseUrl === undefined || recordsDatabaseUrl === undefined) return false;
  return serverOf(databaseUrl) === serverOf(recordsDatabaseUrl);
}

function serverOf(databaseUrl: string): string {
  const { hostname, port } = new URL(databaseUrl);
  return `${hostname.toLowerCase().replace(/\.$/, "")}:${port === "" ? "5432" : port}`;
}

/** The certificates given for databases that are there already, as PEM; empty when there are none. */
export function givenCertificates(values: SettingValues): string {
  return values.trustedCaPem === undefined ? "" : `${values.trustedCaPem.trim()}\n`;
}

/** Whether Nango has a way to send mail. */
export function sendsMail(values: SettingValues): boolean {
  return values.smtpUrl !== undefined || hasOtherMailer(Object.keys(values.environment));
}

/** A store for logs that is there already. */
export function externalLogs<Secret>(
  values: SettingValues,
  conceal: Conceal<Secret>,
): ExternalLogsConfig<Secret> {
  return {
    store: "external",
    retentionDays: values.logsRetentionDays,
    provider: values.logsProvider ?? "elasticsearch",
    url: values.logsUrl ?? "",
    user: values.logsUser ?? "",
    password: conceal(values.logsPassword ?? ""),
  };
}

/** A Redis that is there already. */
export function externalRedis<Secret>(url: string, conceal: Conceal<Secret>): ExternalRedisConfig<Secret> {
  return { kind: "external", url: conceal(url) };
}
