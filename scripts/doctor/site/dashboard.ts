import { bad, type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import { apiKeyProblem } from "../../../infra/nango/api-key.ts";
import { get, getWithSecret } from "./request.ts";
import { shown } from "./server.ts";
import type { Secrets, Site } from "./site.ts";

/** What the dashboard asks first. https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/routes.private.ts */
const first = "/api/v1/meta";

export const closed: Check<Site> = {
  id: "dashboard-closed",
  title: "Dashboard is closed",
  async run({ url, network }) {
    const reply = await get(network, new URL(first, url));
    if (reply.status === 401) return good("it refuses whoever has not logged in");
    if (reply.status === 200)
      return bad(
        "it is open: anyone can read and change every integration and connection",
        "set nango:dashboardAuth, which the stack never leaves out, or NANGO_DASHBOARD_USERNAME and NANGO_DASHBOARD_PASSWORD with FLAG_AUTH_ENABLED=false; until then let nobody in",
      );
    return bad(`it answers ${shown(reply)}, and 401 is right`, "see Health");
  },
};

export const login: Check<Site> = {
  id: "dashboard-login",
  title: "Dashboard opens",
  async run({ url, network, secrets }): Promise<Outcome> {
    if (typeof secrets === "string") return skipped(secrets);
    if (secrets.dashboard === undefined) return skipped("people have accounts of their own");
    const { user } = secrets.dashboard;
    const reply = await getWithSecret(network, new URL(first, url), basic(secrets.dashboard));
    if (reply.status === 200) return good(`it lets ${user} in`);
    return bad(
      `it answers ${reply.status} to ${user} with the stack's password`,
      "tasks that were started before the password changed still ask for the old one: deploy again, and see Deployment",
    );
  },
};

function basic({ user, password }: NonNullable<Secrets["dashboard"]>): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/**
 * The keys that the dashboard shows for an environment. They are made with the database and encrypted in it: with another
 * key the server answers 500, and without one it shows what is stored.
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/controllers/v1/environment/listApiKeys.ts
 */
const encrypted = "/api/v1/environment/api-keys";

export const encryption: Check<Site> = {
  id: "encryption-key",
  title: "Encryption key",
  async run({ url, network, secrets, stack }): Promise<Outcome> {
    if (typeof secrets === "string") return skipped(secrets);
    const [environment] = Object.keys(secrets.apiKeys);
    if (secrets.dashboard === undefined || environment === undefined)
      return skipped("people with accounts see in the dashboard whether it shows their keys");
    const page = new URL(`${encrypted}?env=${environment}`, url);
    const { status, body } = await getWithSecret(network, page, basic(secrets.dashboard));
    const remedy = `the server has to run with the key that its database was begun with: npm run key -- ${stack} --check, then deploy`;
    if (status === 500) return bad("the server cannot read what is encrypted in its database", remedy);
    if (status !== 200) return skipped("see Dashboard opens and API keys");
    const shown = [...body.matchAll(/"secret":\s*"([^"]*)"/g)].map(([, secret = ""]) => secret);
    if (shown.length === 0) return skipped("nothing encrypted is there to read");
    return shown.every((secret) => apiKeyProblem(secret) === undefined)
      ? good("the server reads what is encrypted in its database")
      : bad("the server takes what is encrypted in its database for plain text", remedy);
  },
};

export const signUp: Check<Site> = {
  id: "sign-up",
  title: "Sign-up",
  async run({ environment }): Promise<Outcome> {
    if (environment?.features === undefined) return skipped("/env.js does not say");
    const { auth = true, allowSignup = true } = environment.features;
    if (!auth) return good("there are no accounts to make");
    return allowSignup
      ? warning(
          "anyone who reaches the dashboard can make an account",
          "once you have yours, take nango:allowSignup out again and deploy",
        )
      : good("nobody can make an account without an invitation");
  },
};
