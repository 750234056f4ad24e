import { connectionPools } from "../nango/connection-budget.ts";
import { holdsSecret } from "../nango/environment.ts";
import type { Choices } from "./choices.ts";
import { resolveAws } from "./resolve-aws.ts";
import { resolveDocker } from "./resolve-docker.ts";
import { checked, type Conceal } from "./resolve-external.ts";
import type { CommonConfig, ExtraEnvironment, StackConfig } from "./stack-config.ts";
import type { GivenConfiguration } from "./values.ts";

/** Brings the choices into the shape that the program works with. Expects checked ones. */
export function resolve<Secret>(
  choices: Choices,
  given: GivenConfiguration,
  conceal: Conceal<Secret>,
): StackConfig<Secret> {
  const common = resolveCommon(choices, given, conceal);
  return choices.target === "docker"
    ? { ...common, ...resolveDocker(choices, conceal) }
    : { ...common, ...resolveAws(choices, conceal) };
}

function resolveCommon<Secret>(
  choices: Choices,
  given: GivenConfiguration,
  conceal: Conceal<Secret>,
): CommonConfig<Secret> {
  const optional = (text: string | undefined) => (text === undefined ? undefined : conceal(text));
  const ofBasic = (text: string | undefined) =>
    choices.dashboardAuth === "basic" ? optional(text) : undefined;
  return {
    stack: given.stack,
    image: choices.image,
    pools: connectionPools(choices.connectionBudget),
    apiRateLimitPerMinute: choices.apiRateLimitPerMinute,
    secrets: {
      encryptionKey: optional(choices.encryptionKey),
      dashboardPassword: ofBasic(choices.dashboardPassword),
      apiKeys: { prod: ofBasic(choices.apiKeyProd), dev: ofBasic(choices.apiKeyDev) },
    },
    rotations: choices.rotate,
    allowEncryptionKeyChange: choices.allowEncryptionKeyChange,
    protect: !choices.allowDataLoss,
    dashboard:
      choices.dashboardAuth === "basic"
        ? { auth: "basic", user: choices.dashboardUser }
        : { auth: "accounts", allowSignup: choices.allowSignup },
    email: choices.sendsMail
      ? { smtpUrl: optional(choices.smtpUrl), from: checked(choices.smtpFrom) }
      : undefined,
    environment: extraEnvironment(choices.environment, given, conceal),
  };
}

/** Whoever may read a task definition reads what is plain, so that no stack decides alone what is secret. */
function extraEnvironment<Secret>(
  variables: Choices["environment"],
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
