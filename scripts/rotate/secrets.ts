import type { Rotatable } from "../../infra/config/settings/secrets.ts";

/** A stack, as far as it decides what can be made anew. */
export interface RotatedStack {
  readonly name: string;
  readonly target: "aws" | "docker";
  /** A key of the `nango:` namespace, decrypted; undefined for one that is not set. */
  readonly setting: (key: string) => string | undefined;
  /** Whether the state holds a resource of that name that generates a password. */
  readonly generates: (resource: string) => boolean;
}

/** What is said of a secret that is made anew. */
interface Rotation {
  readonly what: string;
  /** Resources that generate it, by target. */
  readonly resources: { readonly aws: readonly string[]; readonly docker: readonly string[] };
  /** What happens, what breaks and what to do first, in sentences of their own. */
  readonly consequences: { readonly aws: readonly string[]; readonly docker: readonly string[] };
  /** Why this stack cannot have it made anew, with the way that it has instead. */
  readonly refusal: (stack: RotatedStack) => string | undefined;
}

const rolling =
  "Nango is deployed anew. For some minutes tasks with the old value and tasks with the new one answer side by side.";
const restarting = "Nango restarts, and is away for some seconds.";

const rds = (whose: string): readonly string[] => [
  `RDS takes the new password of ${whose} at once, and there is no second one. Tasks that run keep the connections that they have; new ones are refused to them until new tasks have taken over. Reckon with five minutes in which some requests fail: choose a quiet hour.`,
  "Before the new tasks start, a one-off task proves the new password. If that fails, or the new tasks do not come up, the old ones go on with a password that is refused: mend what the message says, and run npm run up at once.",
  "Deploy other changes before or afterwards, so that nothing else can fail in this deployment.",
];

/** Another value than the generated one: the stack was given it. */
const given = ({ name }: RotatedStack, key: string): string =>
  `The stack was given it by nango:${key}, which is not made anew here. Give it another: npx pulumi config set -s ${name} --secret nango:${key}, then npm run up -- ${name}.`;

const ofAccounts = "people have accounts of their own (nango:dashboardAuth: accounts)";

const brought = ({ name }: RotatedStack, key: string, what: string): string =>
  `The ${what} is brought by nango:${key}, and its password is yours. Give it a second user or password that works beside the old one, ` +
  `set the URL with it (npx pulumi config set -s ${name} --secret nango:${key}), npm run up -- ${name}, and take the old one away.`;

/** What can be made anew. */
export const rotations: Readonly<Record<Rotatable, Rotation>> = {
  database: {
    what: "the password of the database",
    resources: { aws: ["nango-database-password"], docker: ["nango-postgres-password"] },
    consequences: {
      aws: rds("the database"),
      docker: [
        `Postgres starts anew with the new password, which is that of its records database, too. ${restarting}`,
      ],
    },
    refusal: (stack) =>
      stack.setting("databaseUrl") === undefined ? undefined : brought(stack, "databaseUrl", "database"),
  },
  records: {
    what: "the password of the records database",
    resources: { aws: ["nango-records-password"], docker: [] },
    consequences: { aws: rds("the records database"), docker: [] },
    refusal: (stack) => {
      if (stack.setting("recordsDatabaseUrl") !== undefined)
        return brought(stack, "recordsDatabaseUrl", "records database");
      return stack.target === "aws" && stack.generates("nango-records-password")
        ? undefined
        : `Records have no password of their own: it is the database's. npm run rotate -- ${stack.name} database`;
    },
  },
  dashboard: {
    what: "the password of the dashboard",
    resources: { aws: ["nango-dashboard-password"], docker: ["nango-dashboard-password"] },
    consequences: {
      aws: ["Whoever uses the dashboard has to log in again with the new password.", rolling],
      docker: ["Whoever uses the dashboard has to log in again with the new password.", restarting],
    },
    refusal: (stack) => {
      if (stack.setting("dashboardAuth") === "accounts")
        return `The dashboard has no password: ${ofAccounts}, and change theirs in it.`;
      return stack.setting("dashboardPassword") === undefined ? undefined : given(stack, "dashboardPassword");
    },
  },
  admin: {
    what: "the key that signs the dashboard's sessions",
    resources: { aws: ["nango-admin-key"], docker: ["nango-admin-key"] },
    consequences: {
      aws: [
        "Everyone is logged out, and links for new passwords that were mailed before do not work.",
        rolling,
      ],
      docker: [
        "Everyone is logged out, and links for new passwords that were mailed before do not work.",
        restarting,
      ],
    },
    refusal: () => undefined,
  },
  "api-keys": {
    what: "the API keys of prod and dev",
    resources: {
      aws: ["nango-api-key-prod", "nango-api-key-dev"],
      docker: ["nango-api-key-prod", "nango-api-key-dev"],
    },
    consequences: {
      aws: [...keysBefore(), rolling],
      docker: [...keysBefore(), restarting],
    },
    refusal: (stack) => {
      if (stack.setting("dashboardAuth") === "accounts")
        return `The stack has no API keys: ${ofAccounts}, and make and revoke keys in the dashboard.`;
      const both = stack.setting("apiKeyProd") !== undefined && stack.setting("apiKeyDev") !== undefined;
      return both ? given(stack, "apiKeyProd and nango:apiKeyDev") : undefined;
    },
  },
  redis: {
    what: "the token of Valkey",
    resources: { aws: ["nango-cache-token"], docker: ["nango-valkey-token"] },
    consequences: {
      aws: [
        "Nothing is refused and nothing is lost: ElastiCache accepts the new token beside the old one, the tasks get the new one, and a second deployment has the old one refused.",
        rolling,
      ],
      docker: [`Valkey starts anew, without the locks and logins under way that were in it. ${restarting}`],
    },
    refusal: (stack) => {
      if (stack.setting("redisUrl") !== undefined) return brought(stack, "redisUrl", "Redis");
      const resource = stack.target === "aws" ? "nango-cache-token" : "nango-valkey-token";
      return stack.generates(resource) ? undefined : `Stack "${stack.name}" has no Redis.`;
    },
  },
  search: {
    what: "the password of the search domain",
    resources: { aws: ["nango-search-password"], docker: [] },
    consequences: {
      aws: [
        "The domain takes the new password within minutes, and there is no second one. Until new tasks have taken over, what Nango would log for the dashboard is lost; it serves all the same.",
        "Before the new tasks start, a one-off task proves the new password.",
      ],
      docker: [],
    },
    refusal: (stack) => {
      if (stack.setting("logs") === "external") return given(stack, "logsPassword");
      if (stack.target === "aws")
        return stack.generates("nango-search-password")
          ? undefined
          : `Stack "${stack.name}" has no search domain.`;
      return stack.setting("logs") === "opensearch"
        ? "OpenSearch on a laptop takes its password into its data once, when its volume is empty. Only containers of the stack reach it."
        : `Stack "${stack.name}" has no OpenSearch.`;
    },
  },
};

function keysBefore(): readonly string[] {
  return [
    "Whoever calls Nango with an old key is refused. So that nobody is: give your product the key that the dashboard shows for the environment first, which goes on working, and then the new one.",
    "Keys that were made in the dashboard, and the key that signs webhooks, are in the database and stay: change these there.",
  ];
}

/** Why the encryption key is not made anew. https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/utils/encryption.manager.ts */
export const encryptionKeyRefusal =
  "The encryption key cannot be changed: Nango cannot encrypt anew what it keeps, and does not start with another key " +
  "(https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/utils/encryption.manager.ts). " +
  'If somebody has seen it: docs/rotate.md, "The encryption key".';
