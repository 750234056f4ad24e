/** What took the place of variables that guides for Nango name, as the end of a sentence about them. */
const replacements: readonly (readonly [RegExp, string])[] = [
  // https://github.com/NangoHQ/nango/pull/6328
  [/^(NANGO_)?TELEMETRY$/, "The server sends no telemetry any more: there is nothing to turn off."],
  // https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/cli/lib/utils.ts#L248
  [
    /^NANGO_(SECRET_KEY|PUBLIC_KEY|HOST|HOSTPORT)$/,
    "It is for programs that use Nango's SDK or CLI: their keys are the outputs apiKeyProd and apiKeyDev, their host is the output url.",
  ],
  [/^NANGO_CALLBACK_URL$/, "The callback follows from nango:domain and is the output callbackUrl."],
  [/^REDIS_(URL|HOST|PORT|USER|USERNAME|PASSWORD|TLS)$/, "An existing Redis is given by nango:redisUrl."],
  [
    /^(DATABASE_URL|POSTGRES(QL)?_[A-Z]+|DB_(HOST|PORT|USER|USERNAME|NAME|DATABASE|PASSWORD|SSL))$/,
    "An existing database is given by nango:databaseUrl.",
  ],
  [
    /^SMTP_(HOST|PORT|USER|USERNAME|PASS|PASSWORD|SECURE)$/,
    "The server that sends mail is given by nango:smtpUrl.",
  ],
  [/^(ES|ELASTICSEARCH|OPENSEARCH)_URL$/, "A store for logs is given by nango:logs and nango:logsUrl."],
  [/^WORKER_PORT$/, "Nango has no worker any more."],
];

/** What to do instead of setting a variable that Nango does not read, in a sentence; undefined for an unknown one. */
export function replacementOf(name: string): string | undefined {
  return replacements.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * What a variable does not do although its name promises it, as the end of a sentence; undefined for all others. Nango's
 * requests to OAuth providers and those that it proxies get agents of their own, which know no proxy:
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/shared/lib/services/proxy/utils.ts#L198-L205
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/shared/lib/services/proxy/outbound-policy.ts#L73-L110
 * The few others take the proxy from these names, and look at no list of exceptions:
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/utils/lib/axios.ts#L48-L64
 */
export function unkeptPromise(name: string): string | undefined {
  if (/^https?_proxy$/i.test(name))
    return "does not carry Nango's requests to OAuth providers, nor those that it proxies: they go past any proxy";
  if (/^no_proxy$/i.test(name)) return "is not looked at by most of Nango's requests";
  return undefined;
}
