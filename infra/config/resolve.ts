import { plannedCallsPerMinute } from "../nango/api-rate-limit.ts";
import { type ConnectionBudgetRequest, connectionPools } from "../nango/connection-budget.ts";
import { holdsSecret } from "../nango/environment.ts";
import { parseImage } from "../nango/image.ts";
import type { GivenConfiguration, SettingValues } from "./values.ts";
import { presets } from "./presets.ts";
import { resolveAws, scale, taskCpu } from "./resolve-aws.ts";
import { resolveDocker } from "./resolve-docker.ts";
import { type Conceal, onOneServer, sendsMail, separateRecords } from "./resolve-external.ts";
import { defaultMaxConnections } from "./rules/instance-class.ts";
import type { CommonConfig, ExtraEnvironment, StackConfig } from "./stack-config.ts";

/** Postgres' own default for a database that is not ours to ask. */
const externalMaxConnections = 100;

/** Applies the presets and brings the settings into the shape that the program works with. Expects checked values. */
export function resolve<Secret>(
  values: SettingValues,
  given: GivenConfiguration,
  conceal: Conceal<Secret>,
): StackConfig<Secret> {
  const common = resolveCommon(values, given, conceal);
  return values.target === "docker"
    ? { ...common, ...resolveDocker(values, conceal) }
    : { ...common, ...resolveAws(values, given, conceal) };
}

function resolveCommon<Secret>(
  values: SettingValues,
  given: GivenConfiguration,
  conceal: Conceal<Secret>,
): CommonConfig<Secret> {
  const optional = (text: string | undefined) => (text === undefined ? undefined : conceal(text));
  const ofBasic = (text: string | undefined) =>
    values.dashboardAuth === "basic" ? optional(text) : undefined;
  return {
    stack: given.stack,
    image: parseImage(values.image),
    pools: connectionPools(connectionBudget(values)),
    apiRateLimitPerMinute: values.apiRateLimitPerMinute ?? callsPerMinute(values, plannedCallsPerMinute),
    secrets: {
      encryptionKey: optional(values.encryptionKey),
      dashboardPassword: ofBasic(values.dashboardPassword),
      apiKeys: { prod: ofBasic(values.apiKeyProd), dev: ofBasic(values.apiKeyDev) },
    },
    protect: !values.allowDataLoss,
    dashboard:
      values.dashboardAuth === "basic"
        ? { auth: "basic", user: values.dashboardUser }
        : { auth: "accounts", allowSignup: values.allowSignup },
    email: sendsMail(values) ? { smtpUrl: optional(values.smtpUrl), from: values.smtpFrom ?? "" } : undefined,
    environment: extraEnvironment(values.environment, given, conceal),
  };
}

/** Whoever may read a task definition reads what is plain, so that no stack decides alone what is secret. */
function extraEnvironment<Secret>(
  variables: SettingValues["environment"],
  given: GivenConfiguration,
  conceal: Conceal<Secret>,
): ExtraEnvironment<Secret> {
  const encrypted = given.secretKeys.has("environment");
  const isSecret = ([name, value]: [string, string]) => encrypted || holdsSecret(name, value);
  const all = Object.entries(variables);
  return {
    plain: Object.fromEntries(all.filter((variable) => !isSecret(variable))),
    secret: Object.fromEntries(all.filter(isSecret).map(([name, value]) => [name, conceal(value)])),
  };
}

/** A container on a laptop has no limit of its own, and takes all that node can use. */
const laptopCpu = 1024;

/**
 * What all tasks together get by a function of one's CPU. All that scaling may reach: the limit is one for all of them,
 * and callers who were stopped by less would never give scaling a reason.
 */
export function callsPerMinute(values: SettingValues, ofTask: (cpu: number) => number): number {
  if (values.target === "docker") return ofTask(laptopCpu);
  return ofTask(taskCpu(values)) * scale(values).maxReplicas;
}

/** What the pools are divided out of. */
export function connectionBudget(values: SettingValues): ConnectionBudgetRequest {
  const recordsElsewhere = separateRecords(values) && !onOneServer(values);
  if (values.target === "docker") {
    return {
      maxConnections: externalMaxConnections,
      recordsMaxConnections: recordsElsewhere ? externalMaxConnections : undefined,
      maxReplicas: 1,
      main: values.databasePoolMax,
    };
  }
  const preset = presets[values.size];
  const connections = (
    url: string | undefined,
    given: number | undefined,
    instanceClass: string | undefined,
  ): number =>
    given ??
    (url === undefined
      ? (defaultMaxConnections(instanceClass ?? preset.databaseInstanceClass) ?? externalMaxConnections)
      : externalMaxConnections);
  return {
    maxConnections: connections(
      values.databaseUrl,
      values.databaseMaxConnections,
      values.databaseInstanceClass,
    ),
    recordsMaxConnections: recordsElsewhere
      ? connections(
          values.recordsDatabaseUrl,
          values.recordsDatabaseMaxConnections,
          values.recordsDatabaseInstanceClass,
        )
      : undefined,
    maxReplicas: scale(values).maxReplicas,
    main: values.databasePoolMax,
  };
}
