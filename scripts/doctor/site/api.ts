import { randomUUID } from "node:crypto";
import { bad, type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import { get, getWithSecret, type Reply } from "./request.ts";
import { shown } from "./server.ts";
import type { Site } from "./site.ts";

/** A call that changes nothing. */
const call = "/integrations";

export const keys: Check<Site> = {
  id: "api-keys",
  title: "API keys",
  async run(site) {
    const { secrets } = site;
    if (typeof secrets === "string") return skipped(secrets);
    const given = Object.entries(secrets.apiKeys);
    if (given.length === 0) return skipped("they are made in the dashboard, by people with accounts");
    return Promise.all(
      given.map(async ([environment, key]) => ({
        ...accepted(await asked(site, key)),
        about: environment,
      })),
    );
  },
};

function asked({ url, network }: Site, key: string): Promise<Reply> {
  return getWithSecret(network, new URL(call, url), `Bearer ${key}`);
}

function accepted(reply: Reply): Outcome {
  if (reply.status === 200) return good("the API accepts it");
  if (reply.status === 429)
    return warning("the API turns calls away: too many in this minute", "see Rate limit");
  return bad(
    `the API answers ${shown(reply)}`,
    "unknown_account means that the environment of that name was renamed or deleted in the dashboard, that tasks still run with another key (see Deployment), or that what is in the database cannot be read (see Encryption key)",
  );
}

export const wrongKey: Check<Site> = {
  id: "wrong-api-key",
  title: "Wrong API key",
  async run({ url, network }) {
    const reply = await get(network, new URL(call, url), { authorization: `Bearer ${randomUUID()}` });
    if (reply.status === 401) return good("the API refuses it");
    return bad(
      `the API answers ${shown(reply)} to a key that was made up, and 401 is right`,
      reply.status === 200
        ? "what answers there is not Nango, or something before it gives a key of its own: let nobody in"
        : "see Health",
    );
  },
};

/** Nango's own limit, unless it is told another. https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/utils/lib/environment/parse.ts#L73 */
const ownLimit = 200;

export const rateLimit: Check<Site> = {
  id: "rate-limit",
  title: "Rate limit",
  async run(site): Promise<Outcome> {
    const { secrets, expected } = site;
    if (typeof secrets === "string") return skipped(secrets);
    const [key] = Object.values(secrets.apiKeys);
    if (key === undefined) return skipped("it shows to those with an API key only");
    const { status, headers } = await asked(site, key);
    // Calls are counted by account, so that an answer to a key which is none of any account says nothing of the limit.
    if (status === 401) return skipped("see API keys");
    return judged(headers["x-ratelimit-limit"], expected.apiRateLimit);
  },
};

function judged(header: string | string[] | undefined, wanted: number | "off" | undefined): Outcome {
  const limit = header === undefined ? "off" : Number(header);
  const says = limit === "off" ? "no call is turned away" : `${limit} calls a minute`;
  const remedy = "deploy the stack, and see Deployment; the key is nango:apiRateLimitPerMinute";
  if (wanted !== undefined && limit !== wanted)
    return bad(`${says}, where ${wanted === "off" ? "no limit" : wanted} is configured`, remedy);
  if (wanted === undefined && limit === ownLimit)
    return warning(
      `${says}, which is Nango's default, for all customers together`,
      "set DEFAULT_RATE_LIMIT_PER_MIN to what the machine carries",
    );
  return good(says);
}
