import { defaultRelease } from "../../../infra/nango/releases.ts";
import { bad, type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import { get, type Reply } from "./request.ts";
import type { Site } from "./site.ts";

const day = 24 * 60 * 60 * 1000;

export const health: Check<Site> = {
  id: "health",
  title: "Health",
  async run({ url, network, stack }) {
    const reply = await get(network, new URL("/health", url));
    if (isOk(reply)) return good("the server listens");
    const { location } = reply.headers;
    return bad(
      `/health answers ${location === undefined ? shown(reply) : `${reply.status}, and leads to ${location}`}`,
      reply.status >= 500
        ? `502 and 503 mean that no task is well: see Tasks and Targets, and npm run logs -- ${stack}`
        : "that is no Nango: look where the name leads, and what stands before Nango there",
    );
  },
};

export const ready: Check<Site> = {
  id: "ready",
  title: "Readiness",
  async run({ url, network }) {
    const reply = await get(network, new URL("/ready", url));
    return isOk(reply)
      ? good("the server has reached its database, and wants traffic")
      : bad(
          `/ready answers ${shown(reply)}`,
          "the server has not reached its database since it started, or is stopping: its log says which",
        );
  },
};

/** https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/ready.ts */
function isOk({ status, body }: Reply): boolean {
  return status === 200 && /"result":\s*"ok"/.test(body);
}

/** An answer in few words: of Nango's errors the code. */
export function shown({ status, body }: Reply): string {
  const code = /"error":\s*\{[^}]*"code":\s*"(\w+)"/.exec(body)?.[1];
  const text = code ?? body.trim().replace(/\s+/g, " ");
  return text === "" ? String(status) : `${status} ${text.length > 80 ? `${text.slice(0, 80)}...` : text}`;
}

/**
 * Dashboard and Connect UI are sent to the addresses that Nango was started with. Nango puts paths behind them as they
 * are, and compares them with origins, so that a slash at the end makes another callback URL.
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/utils/cors.ts#L3
 */
export const addresses: Check<Site> = {
  id: "addresses",
  title: "Addresses",
  async run({ url, connectUrl, environment }): Promise<Outcome> {
    if (environment === undefined)
      return bad("/env.js cannot be read, without which the dashboard does not start", "see Health");
    const wrong = [
      ...differing("NANGO_SERVER_URL", environment.apiUrl, url),
      ...(connectUrl === undefined
        ? []
        : differing("NANGO_PUBLIC_CONNECT_URL", environment.connectUrl, connectUrl)),
    ];
    if (wrong.length === 0) return good(`the dashboard and links to Connect UI lead to this Nango`);
    return bad(
      wrong.join("; "),
      "the stack sets them from nango:domain and nango:connectDomain: deploy it, or open Nango at the address that it knows",
    );
  },
};

function differing(variable: string, told: string | undefined, actual: URL): string[] {
  return told === actual.origin
    ? []
    : [`Nango was told to be at ${told ?? "no address"} (${variable}), and is at ${actual.origin}`];
}

/** An old release lacks what was mended since. Days. */
const old = 90;

export const release: Check<Site> = {
  id: "release",
  title: "Release",
  async run({ environment, knownReleases, stack }): Promise<Outcome> {
    const commit = environment?.gitHash;
    if (commit === undefined || commit === "")
      return skipped("this Nango does not say what it was built from");
    const releases = await knownReleases();
    const index = releases.findIndex((one) => one.commit === commit);
    const running = releases[index];
    if (running === undefined)
      return skipped(`commit ${commit.slice(0, 12)} is none of the releases that are known`);
    const days = Math.floor((Date.now() - Date.parse(running.date)) / day);
    const newer = releases.length - 1 - index;
    const says = `release ${running.version}, ${days} days old; ${newer === 0 ? "none is" : `${newer} are`} newer`;
    // What this project was not checked against nobody has to change to.
    const isChecked = running.date >= defaultRelease.date;
    return isChecked || days <= old
      ? good(says)
      : warning(says, `look and decide: npm run upgrade -- ${stack}`);
  },
};
