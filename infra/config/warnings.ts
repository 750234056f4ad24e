import { carriedCallsPerMinute } from "../nango/api-rate-limit.ts";
import { holdsSecret, reservedVariable } from "../nango/environment.ts";
import { replacementOf, unkeptPromise } from "../nango/variable-advice.ts";
import { variableNames, variableType } from "../nango/variables.ts";
import { awsCommand } from "./aws-command.ts";
import { endpointWarnings } from "./checks/endpoints.ts";
import { registryWarnings } from "./checks/image.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { regions } from "./rules/aws-region.ts";
import { callsPerMinute, type Choices } from "./choices.ts";
import { type GivenConfiguration, placeOf } from "./values.ts";
import { defaultVcpus, vcpusOfDeployment } from "./rules/fargate.ts";
import { mostLogDays } from "./rules/search.ts";
import { overlap, parseCidr } from "./rules/cidr.ts";
import { settings, type SettingName } from "./settings.ts";
import { type Rotatable, rotatable } from "./settings/secrets.ts";
import { entry, toSet } from "./remedy.ts";

const say = (condition: boolean, message: string) => (condition ? [message] : []);

/** What is legal but ought to be known before it is deployed. */
export function warnings(choices: Choices, given: GivenConfiguration): string[] {
  const production = choices.size !== "small" || /prod/i.test(given.stack);
  return [
    ...plaintextSecrets(choices, given),
    ...say(
      choices.insecureHttp,
      "nango:insecureHttp: Nango is served over plain HTTP. API keys, OAuth codes and passwords cross the network readable. Never put real credentials into this stack; give it a domain. Connect UI is not part of it, since browsers refuse it without HTTPS: the links that Nango hands out lead nowhere; the API and the dashboard work.",
    ),
    ...wildcardCertificate(choices, given.stack),
    ...say(
      choices.internal,
      "nango:internal: providers' webhooks cannot reach this stack from the internet, while OAuth works for people inside the network, whose browsers make the callback. Nango is allowed to send requests to private addresses (NANGO_OUTBOUND_URL_POLICY) unless nango:allowPrivateAddresses is false.",
    ),
    ...say(
      choices.stopped,
      "nango:stopped: no task of Nango runs, and its addresses answer 503. Remove it, and deploy, to start Nango again.",
    ),
    ...otherPostgres(choices),
    ...halfBackedUp(choices),
    ...idleRotations(choices),
    ...say(
      choices.spot && production,
      "nango:spot: AWS may stop every task of this stack with two minutes' warning, all at once. Not for production.",
    ),
    ...say(
      choices.dashboardAuth === "accounts" && !choices.sendsMail,
      'nango:dashboardAuth = "accounts" without nango:smtpUrl: verification and password reset links are not mailed but written to the server\'s log, where anyone with access to CloudWatch can use them.',
    ),
    ...say(
      choices.dashboardAuth === "accounts" && !choices.allowSignup,
      'nango:dashboardAuth = "accounts" with sign-up closed: a new installation has no account yet, and nobody can make one. Set nango:allowSignup to true, sign up, and remove it again.',
    ),
    ...say(choices.allowSignup, "nango:allowSignup: anyone who reaches the dashboard can open an account."),
    ...say(
      choices.databaseTls === "unverified",
      'nango:databaseTls = "unverified": the connection to the existing database is encrypted but not verified. Give its certificate authority in nango:trustedCaPem instead.',
    ),
    ...say(
      /^http:/i.test(choices.logsUrl ?? ""),
      "nango:logsUrl is plain HTTP: its user, its password and all logs cross the network readable. Use https:// where the store offers it.",
    ),
    ...say(
      /^redis:/i.test(choices.redisUrl ?? ""),
      "nango:redisUrl is without TLS: its password and all it holds cross the network readable. Use rediss:// where it is offered.",
    ),
    ...say(
      choices.target === "aws" && choices.recordsDatabase === "dedicated",
      'nango:recordsDatabase = "dedicated": the free edition writes no records, so this second database stays empty and costs as much as the first of its class.',
    ),
    ...apiRateLimit(choices),
    ...say(
      choices.target === "aws" && vcpusOfDeployment(choices.cpu, choices.replicas) > defaultVcpus,
      `nango:replicas = ${choices.replicas} with nango:cpu = ${choices.cpu}: a deployment runs old and new tasks side by side, ${vcpusOfDeployment(choices.cpu, choices.replicas)} virtual processors, and Fargate gives a new account ${defaultVcpus}. See yours: ${awsCommand(["service-quotas", "get-service-quota", "--service-code", "fargate", "--quota-code", choices.spot ? "L-36FBB829" : "L-3032A538"], placeOf(given))}`,
    ),
    ...say(
      choices.logs === "external" && choices.logsRetentionDays > mostLogDays(1),
      `nango:logsRetentionDays = ${choices.logsRetentionDays}: a store with one data node has shards for ${mostLogDays(1)} days of Nango's logs, and refuses new ones then. It takes two nodes, or a higher cluster.max_shards_per_node.`,
    ),
    ...say(
      choices.allowDataLoss,
      `nango:allowDataLoss: ${choices.target === "docker" ? "the volumes that hold data, their passwords and the generated secrets" : "the databases, the search domain, the VPC, the secret and the generated secrets"} are protected against nothing: a change in this very deployment may replace them, the next one delete them. Remove it as soon as what it was set for is done.`,
    ),
    ...restored(choices),
    ...say(
      choices.allowEncryptionKeyChange,
      "nango:allowEncryptionKeyChange: another encryption key would be accepted, and everything encrypted with the old one be lost to Nango.",
    ),
    ...say(
      choices.clearMigrationLock,
      "nango:clearMigrationLock: the next migration clears locks of other migrations. Remove it after this deployment.",
    ),
    ...say(
      choices.vpcId === undefined && overlap(parseCidr(choices.vpcCidr), parseCidr("172.17.0.0/16")),
      "nango:vpcCidr overlaps 172.17.0.0/16, which Docker and some AWS services use for themselves. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    ...say(
      choices.target === "aws" &&
        !regions.includes(given.region ?? "") &&
        (!choices.makesRds || choices.trustedCaPem !== undefined),
      `aws:region = "${given.region}" is a region that this project does not know.${didYouMean(given.region ?? "", regions)}`,
    ),
    ...registryWarnings(choices),
    ...endpointWarnings(choices),
    ...variables(choices),
  ];
}

/** A certificate that was made for `*.example.com` covers `nango.example.com` and not the preset name below it. */
function wildcardCertificate({ certificateArn, domain, connectDomain }: Choices, stack: string): string[] {
  if (certificateArn === undefined || domain === undefined || connectDomain !== undefined) return [];
  const [, ...above] = domain.split(".");
  return say(
    above.length > 1,
    `nango:certificateArn has to cover "${domain}" and the preset name of Connect UI, "connect.${domain}". A wildcard covers one level of names: with *.${above.join(".")} alone browsers refuse Connect UI. ${toSet("Then give it a name of that level", stack, entry("connectDomain", `connect-${domain}`))}`,
  );
}

/** A key that makes a database from another one, and does nothing more once that is there. */
function restored(choices: Choices): string[] {
  const keys = (["database", "recordsDatabase"] as const).flatMap((prefix) =>
    ([`${prefix}Snapshot`, `${prefix}RestoreSource`] as const).filter((key) => choices[key] !== undefined),
  );
  return keys.map(
    (key) =>
      `nango:${key}: a deployed stack gets a new database from "${choices[key]}", unless its own is from there already. Remove the key once it is there: until then Pulumi does not protect the database, RDS alone does. If the stack that the data is of goes on running, both refresh the same tokens: docs/restore.md says how to prevent that.`,
  );
}

/** The major version in the name of an image; undefined where it has a digest alone. */
const majorOf = (image: string) => /:v?(\d+)/.exec(image.split("@")[0] ?? "")?.[1];

function otherPostgres({ target, dockerPostgresImage }: Choices): string[] {
  const [major, usual] = [dockerPostgresImage, String(settings.dockerPostgresImage.default)].map(majorOf);
  return say(
    target === "docker" && major !== undefined && major !== usual,
    `nango:dockerPostgresImage is Postgres ${major}: it does not start on a volume that another major version filled, such as the ${usual} of this project. For a new stack, or dump the data before and restore it after: docs/laptop.md.`,
  );
}

function plaintextSecrets(choices: Choices, given: GivenConfiguration): string[] {
  const variables = given.secretKeys.has("environment") ? [] : Object.entries(choices.environment);
  return [
    ...plaintextSettings(given),
    ...plaintextCredentials(given),
    ...variables
      .filter(([name, value]) => variableType(name) !== undefined && holdsSecret(name, value))
      .map(
        ([name]) =>
          `nango:environment sets ${name} in plain text. Containers are given it as a secret, but the stack file shows it. ${toSet("Store it encrypted", given.stack, { key: "nango:environment", in: { item: name }, secret: true })}`,
      ),
  ];
}

function plaintextSettings(given: GivenConfiguration): string[] {
  return Object.keys(given.values)
    .filter((name): name is SettingName => Object.hasOwn(settings, name))
    .filter(
      (name) =>
        settings[name].secret && !given.secretKeys.has(name) && given.values[name] !== settings[name].default,
    )
    .map(
      (name) =>
        `nango:${name} is stored in plain text. ${toSet("Store it encrypted", given.stack, { key: `nango:${name}`, secret: true })}`,
    );
}

/** Settings of the providers with which others act as the stack's owner. */
const credentials = ["aws:secretKey", "aws:token", "docker:keyMaterial"];

function plaintextCredentials({
  others = {},
  secretOthers = new Set(),
  stack,
}: GivenConfiguration): string[] {
  return credentials
    .filter((key) => others[key] !== undefined && !secretOthers.has(key))
    .map(
      (key) => `${key} is stored in plain text. ${toSet("Store it encrypted", stack, { key, secret: true })}`,
    );
}

function apiRateLimit(choices: Choices): string[] {
  const limit = choices.apiRateLimitPerMinute;
  const carried = callsPerMinute(choices, carriedCallsPerMinute);
  return [
    ...say(
      limit === "off",
      "nango:apiRateLimitPerMinute = off: one caller can take all that the tasks carry, and nothing slows down whoever guesses API keys and passwords. Name a high number instead.",
    ),
    ...say(
      limit !== "off" && limit > carried,
      `nango:apiRateLimitPerMinute = ${limit} is more than the ${carried} calls a minute that ${choices.target === "docker" ? "one server carries" : "all tasks of this stack carry at nango:maxReplicas, each with nango:cpu up to 1024"}: before it turns anyone away, all callers wait.`,
    ),
  ];
}

function variables(choices: Choices): string[] {
  return Object.keys(choices.environment).flatMap((name) => {
    const unkept = unkeptPromise(name);
    return [
      ...say(
        variableType(name) === undefined,
        `nango:environment sets ${name}, which Nango does not read.${adviceOn(name)}`,
      ),
      ...say(unkept !== undefined, `nango:environment sets ${name}, which ${unkept}.`),
    ];
  });
}

/** What to do about a variable that Nango does not read. */
function adviceOn(name: string): string {
  const replacement = replacementOf(name);
  if (replacement !== undefined) return ` ${replacement}`;
  const near = nearest(name, variableNames);
  if (near === undefined) return "";
  const reason = reservedVariable(near);
  return ` Did you mean ${near}?${reason === undefined ? "" : ` That one ${reason}.`}`;
}

/** A vault of one of two databases. */
function halfBackedUp({ backupVault, makesRds, databaseUrl, recordsDatabaseUrl }: Choices): string[] {
  const isMain = databaseUrl !== undefined;
  if (!backupVault || !makesRds || (!isMain && recordsDatabaseUrl === undefined)) return [];
  const [brought, made] = isMain ? ["main", "records"] : ["records", "main"];
  return [
    `nango:backupVault holds the ${made} database alone: the ${brought} one is brought, and backing it up is left to you. Connections are in the main one and what was synced for them in the records: keep backups of both, for as long, so that they can be restored to one moment.`,
  ];
}

/** Numbers of `nango:rotate` for secrets that the stack does not generate. */
function idleRotations({ rotate, ...choices }: Choices): string[] {
  const accounts = choices.dashboardAuth === "accounts";
  const idle: Readonly<Record<Rotatable, boolean>> = {
    database: choices.databaseUrl !== undefined,
    records: choices.recordsDatabase !== "dedicated" || choices.recordsDatabaseUrl !== undefined,
    dashboard: accounts || choices.dashboardPassword !== undefined,
    admin: false,
    "api-keys": accounts || (choices.apiKeyProd !== undefined && choices.apiKeyDev !== undefined),
    redis: choices.redisUrl !== undefined || (choices.target === "aws" && !choices.makesCache),
    search: choices.logs !== "opensearch",
  };
  const names = rotatable.filter((name) => rotate[name] > 0 && idle[name]);
  return say(
    names.length > 0,
    `nango:rotate has no effect on ${names.join(", ")}: the stack generates no such secret. docs/rotate.md says how those are changed that you bring.`,
  );
}
