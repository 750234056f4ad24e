import { readLogsUrl, readPostgresUrl, readRedisUrl, readSmtpUrl } from "../../nango/connection-url.ts";
import type { ServerUrl } from "../../nango/server-url.ts";
import type { Choices } from "../choices.ts";
import { type Check, type Problem, when } from "../problem.ts";
import { exampleEntry, toSet } from "../remedy.ts";
import { type Judgement, judge, placeProblem, type Service } from "../rules/endpoints.ts";
import type { SettingName } from "../settings.ts";

interface Given {
  readonly key: SettingName;
  /** The key and, where it may be shown, the host. */
  readonly title: string;
  readonly url: ServerUrl;
  readonly service: Service | undefined;
}

/** The servers that a configuration brings. */
function brought(choices: Choices): Given[] {
  const services = [
    ["databaseUrl", readPostgresUrl, "Postgres"],
    ["recordsDatabaseUrl", readPostgresUrl, "Postgres"],
    ["redisUrl", readRedisUrl, "Redis"],
    ["smtpUrl", readSmtpUrl, undefined],
    ["logsUrl", readLogsUrl, choices.logsProvider],
  ] as const;
  return services.flatMap(([key, read, service]) => {
    const text = choices[key];
    if (text === undefined) return [];
    const url = read(text);
    return [{ key, title: `nango:${key}${key === "logsUrl" ? ` = "${text}"` : ""}`, url, service }];
  });
}

function judgements(choices: Choices): (Judgement & Given)[] {
  return brought(choices).flatMap((given) => {
    const { service, url } = given;
    const found = service === undefined ? undefined : judge({ service, host: url.host, port: url.port });
    return found === undefined ? [] : [{ ...given, ...found }];
  });
}

/** Endpoints that cannot work from where Nango runs, or with what Nango is. */
export const endpoints: Check = (choices, { stack }): Problem[] => [
  ...brought(choices).flatMap(({ key, title, url }) => {
    const problem = placeProblem(url.host, choices.target);
    return when(
      problem !== undefined,
      [key, "target"],
      `${title}: the host ${problem}.\n${toSet("For example", stack, exampleEntry(key))}`,
    );
  }),
  ...judgements(choices).flatMap(({ key, title, refused, why }) =>
    when(refused, [key, "logsProvider"], `${title} ${why}.`),
  ),
];

/** Endpoints that work badly, or not for everybody. */
export function endpointWarnings(choices: Choices): string[] {
  const mail = choices.smtpUrl === undefined ? undefined : readSmtpUrl(choices.smtpUrl);
  return [
    ...judgements(choices)
      .filter(({ refused }) => !refused)
      .map(({ title, why }) => `${title} ${why}.`),
    // https://datatracker.ietf.org/doc/html/rfc8314#section-7
    ...(mail?.scheme === "smtps" && [25, 587, 2525].includes(mail.port ?? 0)
      ? [
          `nango:smtpUrl begins with smtps:// but names port ${mail.port}, at which mail servers begin without TLS: no mail would be sent. Take smtp://, which changes to TLS, or port 465.`,
        ]
      : []),
    ...(mail?.scheme === "smtp" && mail.port === 465
      ? [
          "nango:smtpUrl begins with smtp:// but names port 465, at which mail servers begin with TLS: no mail would be sent. Take smtps://.",
        ]
      : []),
  ];
}
