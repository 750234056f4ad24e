import { apiKeyProblem } from "../nango/api-key.ts";
import { encryptionKeyProblem } from "../nango/encryption-key.ts";
import { defaultImage, parseImage } from "../nango/image.ts";
import { dataSettings } from "./settings-data.ts";
import { dockerSettings } from "./settings-docker.ts";
import { networkSettings } from "./settings-network.ts";
import { readSmtpUrl } from "../nango/connection-url.ts";
import { credentialProblem, lineProblem, pathProblem, senderProblem } from "./rules/format.ts";
import { thrown } from "./thrown.ts";
import { fargateCpus, leastMemory } from "./rules/fargate.ts";
import { logRetentions } from "./rules/log-retention.ts";
import { all, imageHasNoDigest, mailIsSent, only } from "./condition.ts";
import {
  choice,
  flag,
  integer,
  integerAmong,
  map,
  optionalText,
  parsed,
  presetAmong,
  presetInteger,
  presetLimit,
  text,
} from "./setting.ts";

const general = {
  target: choice({
    change: ["replaces everything", "refused"],
    values: ["aws", "docker"],
    default: "aws",
    description:
      "Where Nango runs: in an AWS account, or in containers on a Docker engine, such as your laptop's. Keys that say something about AWS alone are refused with docker.",
    example: "docker",
  }),
  size: choice({
    target: "aws",
    change: ["adds resources", "restarts the database", "restarts Nango", "cannot be undone"],
    changeNote: "Storage that has grown stays.",
    values: ["small", "medium", "large"],
    default: "small",
    description:
      "How much of everything: small is the cheapest that is safe, medium survives the loss of an availability zone, large carries heavy use. Every value that it decides has a key of its own.",
    example: "medium",
  }),
  image: parsed({
    change: ["restarts Nango"],
    changeNote: "A newer image migrates the database first.",
    default: defaultImage,
    legal:
      "repository:hosted-<40 hexadecimal digits of a commit>, or repository@sha256:<64 hexadecimal digits>",
    description: "The image of Nango's free edition, named so that it cannot change.",
    example: defaultImage,
    read: parseImage,
  }),
  pinDigest: flag({
    target: "aws",
    needs: all(only("imageSource", "docker-hub"), imageHasNoDigest),
    change: ["restarts Nango"],
    default: false,
    description:
      "Whether to ask the registry, at each deployment, for the digest of the image's tag and to run that digest. From ECR it is always a digest that runs.",
    example: "true",
  }),
  imageSource: choice({
    target: "aws",
    change: ["restarts Nango"],
    values: ["docker-hub", "ecr-mirror", "ecr-pull-through"],
    default: "docker-hub",
    description:
      "Where tasks pull the image from: from where image says (docker-hub), from a private copy that Docker pushes into ECR during a deployment (ecr-mirror), or from a repository that ECR fills from Docker Hub (ecr-pull-through).",
    example: "ecr-mirror",
  }),
  dockerHubUser: optionalText({
    target: "aws",
    needs: only("imageSource", "ecr-pull-through"),
    change: ["in place"],
    legal: "none, or a user of Docker Hub",
    description: "With ecr-pull-through: the user as which ECR pulls from Docker Hub.",
    example: "acme",
    check: lineProblem,
  }),
  dockerHubToken: optionalText({
    target: "aws",
    needs: only("imageSource", "ecr-pull-through"),
    change: ["in place"],
    secret: true,
    legal: "none, or an access token of Docker Hub",
    description: "With ecr-pull-through: an access token of that user that may read public images.",
    example: "dckr_pat_0123456789",
    check: lineProblem,
  }),
  environment: map({
    change: ["restarts Nango"],
    legal: "a map from names of environment variables to texts",
    description:
      "Further environment variables of the server. Stored with --secret (even one of them), all of them are injected from Secrets Manager; otherwise those that hold a secret by their name (..._KEY, ..._TOKEN, ..._PASSWORD and the like) or are a URL with a password.",
    example: '{"LOG_LEVEL":"debug"}',
  }),
  websocketsPath: text({
    change: ["restarts Nango"],
    default: "/",
    legal: "a path that starts with /, without // and segments of dots",
    description:
      "The path at which browsers open websockets to the server. Connect UI and the dashboard learn it from the server; a frontend that calls auth() of Nango's SDK by itself must pass it as websocketsPath.",
    example: "/ws",
    check: pathProblem,
  }),
};

const secrets = {
  encryptionKey: optionalText({
    change: { aws: ["restarts Nango", "refused"], docker: ["restarts Nango", "deletes data"] },
    changeNote: "Nango could read nothing of what it keeps encrypted.",
    missing: "generated",
    secret: true,
    legal: "generated, or the base64 of exactly 32 bytes",
    description:
      "The key that Nango encrypts credentials with. Give the key of an existing installation to adopt its database; it can never be changed afterwards.",
    example: "$(openssl rand -base64 32)",
    placeholder: Buffer.alloc(32, "placeholder").toString("base64"),
    check: encryptionKeyProblem,
  }),
  allowEncryptionKeyChange: flag({
    target: "aws",
    change: ["nothing"],
    default: false,
    description:
      "Whether another encryption key than the deployed one is accepted. Everything encrypted with the old key is lost to Nango.",
    example: "true",
  }),
  allowDataLoss: flag({
    change: { aws: ["in place"], docker: ["nothing"] },
    default: false,
    description:
      "Lifts every protection against deletion and replacement. The deployment that sets it may already replace what another key changes; only those after it delete what the stack no longer has, or all of it.",
    example: "true",
  }),
};

const apiKey = (environment: string, example: string) =>
  optionalText({
    needs: only("dashboardAuth", "basic"),
    change: ["restarts Nango"],
    missing: "generated",
    secret: true,
    legal: "generated, or a UUID of version 4",
    description: `The API key of Nango's environment ${environment}, with basic authentication. Give that of an existing installation to adopt it: its clients keep their access.`,
    example,
    check: apiKeyProblem,
  });

const dashboard = {
  dashboardAuth: choice({
    change: ["restarts Nango", "leaves data behind"],
    changeNote:
      "Each way has accounts of its own: whoever switches does not see the other's connections until they switch back.",
    values: ["basic", "accounts"],
    default: "basic",
    description:
      "Who may use the dashboard: one user with a password (basic), or people with accounts of their own (accounts).",
    example: "accounts",
  }),
  dashboardUser: text({
    needs: only("dashboardAuth", "basic"),
    change: ["restarts Nango"],
    default: "nango",
    legal: 'a name without ":"',
    description: "The user of the dashboard, with basic authentication.",
    example: "admin",
    check: credentialProblem,
  }),
  dashboardPassword: optionalText({
    needs: only("dashboardAuth", "basic"),
    change: ["restarts Nango"],
    missing: "generated",
    secret: true,
    legal: 'generated, or at least 12 characters without ":"',
    description: "The password of the dashboard, with basic authentication.",
    example: "$(openssl rand -hex 20)",
    check: (value) =>
      credentialProblem(value) ?? (value.length < 12 ? "has fewer than 12 characters" : undefined),
  }),
  apiKeyProd: apiKey("prod", "8a6e0804-2bd0-4672-b79d-d97027f9071a"),
  apiKeyDev: apiKey("dev", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"),
  allowSignup: flag({
    needs: only("dashboardAuth", "accounts"),
    change: ["restarts Nango"],
    default: false,
    description: "With accounts: whether anyone who reaches the dashboard may open an account.",
    example: "true",
  }),
  smtpUrl: optionalText({
    change: ["restarts Nango"],
    secret: true,
    legal: "none, or smtp://user:password@host:port, or smtps://...",
    description:
      "The server that sends Nango's mail. Without it verification and reset links appear in the logs only.",
    example: "smtps://user:password@email-smtp.eu-central-1.amazonaws.com:465",
    check: (value) => thrown(() => readSmtpUrl(value)),
  }),
  smtpFrom: optionalText({
    needs: mailIsSent,
    change: ["restarts Nango"],
    legal: "none, or an address or a name and an address",
    description:
      "The sender of Nango's mail, one that the mail server lets this user send as. Needed with smtpUrl, and with MAILGUN_API_KEY or EMAIL_HTTP_URL in environment.",
    example: "Nango <nango@example.com>",
    check: senderProblem,
  }),
};

const service = {
  replicas: presetInteger({
    target: "aws",
    change: ["in place"],
    least: 1,
    most: 50,
    description: "How many tasks run at least. More than one needs Redis.",
    example: "2",
  }),
  maxReplicas: presetInteger({
    target: "aws",
    change: ["restarts Nango"],
    least: 1,
    most: 50,
    description: "How many tasks automatic scaling may reach. Equal to replicas, there is no scaling.",
    example: "4",
  }),
  cpu: presetAmong({
    target: "aws",
    change: ["restarts Nango"],
    values: fargateCpus,
    description: "CPU of a task, in units of 1/1024 of a virtual processor.",
    example: "1024",
  }),
  memory: presetInteger({
    target: "aws",
    change: ["restarts Nango"],
    least: leastMemory,
    most: 122880,
    description: "Memory of a task, in MiB.",
    example: "2048",
  }),
  apiRateLimitPerMinute: presetLimit({
    change: ["restarts Nango"],
    // An API key that Nango does not know costs ten calls.
    least: 10,
    most: 10_000_000,
    description:
      "How many API calls a minute Nango answers, of all customers together; others get 429. Preset: what maxReplicas tasks of this cpu carry with something in reserve, 3000 in small, 24000 in medium, 60000 in large; 6000 with target docker. Off, nothing slows down whoever guesses passwords either.",
    example: "12000",
  }),
  stopped: flag({
    target: "aws",
    change: ["stops Nango"],
    default: false,
    description:
      "Whether Nango is stopped: everything stays, no task runs, and nothing migrates until it is started again.",
    example: "true",
  }),
  spot: flag({
    target: "aws",
    change: ["restarts Nango"],
    default: false,
    description: "Whether tasks run on Fargate Spot, cheaper but stopped by AWS with two minutes' warning.",
    example: "true",
  }),
  executeCommand: flag({
    target: "aws",
    change: ["restarts Nango"],
    default: false,
    description:
      "Whether `aws ecs execute-command` can open a shell in the server. Its file system is then writable and its role may talk to Systems Manager.",
    example: "true",
  }),
  containerLogRetentionDays: integerAmong({
    target: "aws",
    change: ["in place"],
    values: logRetentions,
    default: 30,
    description: "How long CloudWatch keeps the containers' output and the databases' logs, in days.",
    example: "90",
  }),
  migrationTimeoutMinutes: integer({
    change: ["nothing"],
    least: 5,
    most: 240,
    default: 30,
    description: "How long the one-off migration task may take before a deployment fails, in minutes.",
    example: "60",
  }),
  clearMigrationLock: flag({
    change: ["nothing"],
    default: false,
    description:
      "Whether the next migration removes the lock that a killed migration left behind. Set it for one deployment.",
    example: "true",
  }),
};

/** The settings by subject, in the order in which the reference shows them. */
export const settingGroups = {
  General: general,
  ...networkSettings,
  ...dataSettings,
  Secrets: secrets,
  Dashboard: dashboard,
  Service: service,
  ...dockerSettings,
};

/** Every key of the `nango:` namespace. */
export const settings = {
  ...general,
  ...networkSettings.Access,
  ...networkSettings.Network,
  ...dataSettings.Databases,
  ...dataSettings["Logs and search"],
  ...dataSettings.Redis,
  ...secrets,
  ...dashboard,
  ...service,
  ...dockerSettings.Docker,
};

export type SettingName = keyof typeof settings;
