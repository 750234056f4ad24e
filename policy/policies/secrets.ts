import { holdsSecret } from "../../infra/nango/environment.ts";
import { unverifiedConnection } from "../../infra/nango/server-environment.ts";
import {
  isRecord,
  parsePath,
  pathText,
  type Properties,
  strings,
  UNKNOWN,
  valueAt,
  json,
} from "../../project/values.ts";
import type { Policy, Resource, ResourcePolicy, Stack, StackPolicy, Verdict, VerdictOn } from "../policy.ts";
import { onContainers, onServers } from "../processes.ts";
import { violation } from "../reading.ts";

/** A switch, a number, or the ARN of where the secret is, whatever its variable is called: FLAG_AUTH_ENABLED, SECRET_ARN. */
const saysNothing = /^(true|false|\d*|arn:[\w-]+:(secretsmanager|ssm|kms):\S+)$/;

/** How variables end that tell of a secret where it is, or what it is like: POSTGRES_PASSWORD_FILE, AWS_ACCESS_KEY_ID. */
const telling =
  /_(FILE|PATH|DIR|NAME|ARN|URL|URI|HOST|TYPE|ALGORITHM|ISSUER|HEADER|MODE|TTL|ENABLED|KEY_ID)$/i;

/** The names of variables that hold a secret. */
const revealing = (variables: Readonly<Record<string, unknown>>) =>
  Object.entries(variables)
    .filter(
      ([name, value]) =>
        typeof value === "string" &&
        value !== UNKNOWN &&
        !saysNothing.test(value) &&
        holdsSecret(telling.test(name) ? "" : name, value),
    )
    .map(([name]) => name);

/** What the words of a command set, as `TOKEN=…` or `--api-key=…` do. */
function assigned(words: readonly string[]): Record<string, string> {
  const settings = words.flatMap((word) => {
    const [, name, value] = /^-{0,2}([\w-]+)=(\S+)$/.exec(word) ?? [];
    return name === undefined || value === undefined ? [] : [[name.replaceAll("-", "_"), value]];
  });
  return Object.fromEntries(settings) as Record<string, string>;
}

/** How options of log drivers and routers are called that hold a secret: splunk-token, apikey, http_passwd. */
const secretOption = /(^|[-_])(api_?key|license_?key|shared_key|token|passw(or)?d|secret)$/i;

const revealingOptions = (options: Readonly<Record<string, unknown>>) =>
  Object.entries(options)
    .filter(([name, value]) => secretOption.test(name) && !saysNothing.test(String(value)))
    .map(([name]) => name);

const noSecretsInEnvironments: ResourcePolicy = {
  name: "no-secrets-in-environments",
  level: "mandatory",
  promise: "A task definition or a function names its secrets, and does not hold them.",
  reason: "Whoever may describe it reads them, and no revision of a task definition ever goes away.",
  remedy:
    "Put the secret into Secrets Manager and name it under secrets, as nango:environment stored with --secret does.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-8",
  judge: (resource) => {
    const { environment } = resource.inputs;
    const variables = isRecord(environment) ? environment["variables"] : undefined;
    const ofFunction =
      resource.type === "aws:lambda/function:Function" && isRecord(variables) ? revealing(variables) : [];
    return [
      ...onContainers(resource, ({ environment, words, labels, logOptions, takesFileOfVariables }) => [
        ...revealing(environment).map((name) => `holds the secret ${name} in its plain environment`),
        ...revealing(assigned(words)).map((name) => `holds the secret ${name} in its command`),
        ...revealing(labels).map((name) => `holds the secret ${name} in its labels`),
        ...revealingOptions(logOptions).map((name) => `holds the secret ${name} in the options of its logs`),
        ...(takesFileOfVariables
          ? ["takes variables from a file (environmentFiles), of which nobody can tell here what it holds"]
          : []),
      ]),
      ...ofFunction.map((name) => violation(`holds the secret ${name} in its plain environment`)),
    ];
  },
};

/** Shorter ones, such as "true", stand in ordinary words, too. */
const leastCharacters = 8;

/**
 * Words, a region, a host, an address: with one secret all of nango:environment is, and what is no secret in it stands in
 * other places for reasons of its own. Nobody can tell a password that is a word from that word.
 */
const ordinary =
  /^(?:[a-z]+:\/\/)?(?:[A-Z]?[a-z]{1,15}|[A-Z]{1,16})(?:[-._@](?:[A-Z]?[a-z]{1,15}|[A-Z]{1,16}))*(?:[-._:]\d{1,5})?\/?$/;

/** A certificate is shown to everybody who connects; a container of Docker has it behind the name of its variable. */
const certificate = /^(?:\w+=)?-----BEGIN CERTIFICATE-----/;

/** The texts that a value consists of: those of JSON, and the password in a URL. */
function partsOf(value: unknown): string[] {
  return strings(value).flatMap(([, text]) => {
    const inner = json(text);
    const [, password] = /:\/\/[^:/@]*:([^@]+)@/.exec(text) ?? [];
    return [
      ...(inner === undefined ? [text] : partsOf(inner)),
      ...(password === undefined ? [] : [password, decoded(password)]),
    ];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is a secret by what it is for, whether it is marked or not. */
const secretProperties: Readonly<Record<string, readonly string[]>> = {
  "random:index/randomPassword:RandomPassword": ["result"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretString"],
  "aws:rds/instance:Instance": ["password"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["authToken"],
};

const isAtOrBelow = (path: string, marks: readonly string[]) =>
  marks.some(
    (mark) => mark === "" || path === mark || path.startsWith(`${mark}.`) || path.startsWith(`${mark}[`),
  );

/** What AWS shows to whoever may list the resource, marked as secret or not. */
const shownByAws = /^(tags|tagsAll|name|identifier|description|containerDefinitions)\b/;

/** The texts of a stack that only its owner may see. */
function secretTexts({ resources }: Stack): string[] {
  // Of a document that AWS shows the mark is on the whole: its parts are a region, a driver, an address, and perhaps a secret.
  const marked = (values: Properties, marks: readonly string[]) =>
    marks.flatMap((mark) => {
      const value = valueAt(values, parsePath(mark));
      return shownByAws.test(mark) && typeof value === "string" ? [value] : partsOf(value);
    });
  const texts = resources.flatMap(({ type, inputs, outputs, secretInputs = [], secretOutputs = [] }) => [
    ...marked(inputs, secretInputs),
    ...marked(outputs, secretOutputs),
    ...(secretProperties[type] ?? []).flatMap((name) => partsOf([inputs[name], outputs[name]])),
  ]);
  const counts = (text: string) =>
    text.length >= leastCharacters && text !== UNKNOWN && !ordinary.test(text) && !certificate.test(text);
  return [...new Set(texts)].filter(counts);
}

type Path = readonly (string | number)[];

/** The path of each text and each key that shows a secret. */
function showing(value: unknown, shows: (text: string) => boolean, path: Path = []): Path[] {
  if (typeof value === "string") return shows(value) ? [path] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const inside = [...path, Array.isArray(value) ? Number(key) : key];
    return [...(shows(key) ? [inside] : []), ...showing(item, shows, inside)];
  });
}

const urlWithPassword = /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"'<>]*:([^\s/@"']+)@[\w.[$<{-]/gi;
/** What stands for a password in an example or a command: `password`, `$PASSWORD`, `<password>`, `***`. */
const standIn = /[$<>{}*()[\]…]|^(password|passwd|pass|pwd|secret|token|placeholder)$/i;
const privateKey = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;

/** Whether a text is secret by what it says, marked or not. */
function isSecretItself(text: string): boolean {
  const passwords = Array.from(text.matchAll(urlWithPassword), ([, password = ""]) => password);
  return passwords.some((password) => !standIn.test(password)) || privateKey.test(text);
}

/** Where a resource shows a secret that is not encrypted in Pulumi's state, or that AWS shows. */
function openPlaces(resource: Resource, shows: (text: string) => boolean): string[] {
  const { name, id = "", inputs, outputs, secretInputs, secretOutputs } = resource;
  const open = (values: Properties, marks: readonly string[] | undefined) =>
    showing(values, shows)
      .map(pathText)
      .filter((path) => shownByAws.test(path) || (marks !== undefined && !isAtOrBelow(path, marks)));
  return [
    ...(shows(name) ? ["its name"] : []),
    ...(shows(id) ? ["its ID"] : []),
    ...open(inputs, secretInputs),
    ...open(outputs, secretOutputs),
  ];
}

const noSecretsInTheClear: StackPolicy = {
  name: "no-secrets-in-the-clear",
  level: "mandatory",
  promise:
    "No secret, no private key and no URL with a password stands in a name, an ID, a tag, an output or any other value that is not marked as secret.",
  reason: "Pulumi keeps such values readable in its state, and AWS shows them in lists, logs and bills.",
  remedy:
    "Keep the secret an output, so that its mark goes along, and hand it only to what is made to hold one.",
  link: "https://www.pulumi.com/docs/iac/concepts/secrets/",
  judgeStack: (stack) => {
    const secrets = secretTexts(stack);
    // The same texts stand in many places, and some are long.
    const known = new Map<string, boolean>();
    const shows = (text: string): boolean => {
      if (text.length < leastCharacters) return false;
      const seen =
        known.get(text) ?? (isSecretItself(text) || secrets.some((secret) => text.includes(secret)));
      known.set(text, seen);
      return seen;
    };
    return stack.resources.flatMap((resource): VerdictOn[] =>
      [...new Set(openPlaces(resource, shows))].map((where) => ({
        resource,
        violates: `shows a secret in ${where}`,
      })),
    );
  },
};

const urls = (value: unknown, scheme: RegExp) =>
  strings(value).flatMap(([, text]) => {
    const inner = json(text);
    return (inner === undefined ? [text] : strings(inner).map(([, part]) => part)).flatMap(
      (part) => part.match(scheme) ?? [],
    );
  });

/** What hands a URL to whoever connects by it. */
const handingOver: Readonly<Record<string, readonly string[]>> = {
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretString"],
  "aws:ssm/parameter:Parameter": ["value"],
  "aws:ecs/taskDefinition:TaskDefinition": ["containerDefinitions"],
  "aws:lambda/function:Function": ["environment"],
  "docker:index/container:Container": ["envs"],
};

/** Judges each URL of a scheme that a resource hands over. */
function onUrls(
  resource: Resource,
  scheme: RegExp,
  isRight: (url: string) => boolean,
  otherwise: string,
): Verdict[] {
  return (handingOver[resource.type] ?? []).flatMap((property): Verdict[] => {
    const value = resource.inputs[property];
    if (value === UNKNOWN) return [{ unknown: property }];
    return urls(value, scheme).every(isRight) ? [] : [violation(otherwise)];
  });
}

/** Of a parameter that stands twice the last one counts. */
function isVerified(url: string): boolean {
  const parameters = new URLSearchParams(url.split("?")[1] ?? "");
  const logsIn = url.includes("@") || parameters.has("password");
  return !logsIn || parameters.getAll("sslmode").at(-1) === "verify-full";
}

const verifiedDatabaseUrls: ResourcePolicy = {
  name: "verified-database-urls",
  level: "mandatory",
  promise: "Whoever connects to Postgres checks its certificate and its name: sslmode=verify-full.",
  reason: "Without the check anyone on the way who answers first reads the password and every query.",
  remedy: "Give the certificate authority in nango:trustedCaPem, and leave nango:databaseTls as it is.",
  link: "https://www.postgresql.org/docs/16/libpq-ssl.html#LIBPQ-SSL-PROTECTION",
  givenUpBy: { databaseTls: "unverified" },
  judge: (resource) => [
    ...onUrls(
      resource,
      /postgres(?:ql)?:\/\/[^\s"'\\`$]+/g,
      isVerified,
      "hands over a URL of Postgres without sslmode=verify-full",
    ),
    ...onServers(resource, ({ variables }) =>
      Object.keys(variables)
        .filter((name) => unverifiedConnection.test(name))
        .map((name) => `is given ${name}, by which Nango connects without a look at the certificate`),
    ),
  ],
};

export const secrets: readonly Policy[] = [
  noSecretsInEnvironments,
  noSecretsInTheClear,
  verifiedDatabaseUrls,
];
