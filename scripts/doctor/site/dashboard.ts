import { bad, type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import { get, getWithSecret } from "./request.ts";
import { shown } from "./server.ts";
import type { Site } from "./site.ts";

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
    const { user, password } = secrets.dashboard;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const reply = await getWithSecret(network, new URL(first, url), authorization);
    if (reply.status === 200) return good(`it lets ${user} in`);
    return bad(
      `it answers ${reply.status} to ${user} with the stack's password`,
      "tasks that were started before the password changed still ask for the old one: deploy again, and see Deployment",
    );
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
