import { bad, type Check, type Outcome, type Result, runChecks, skipped } from "../../checks/check.ts";
import { keys, rateLimit, wrongKey } from "./api.ts";
import { certificate, tlsVersions } from "./certificate.ts";
import { links, page } from "./connect-ui.ts";
import { closed, login, signUp } from "./dashboard.ts";
import { names } from "./names.ts";
import { hsts, redirect } from "./plain-http.ts";
import { NoAnswer } from "./request.ts";
import { addresses, health, ready, release } from "./server.ts";
import type { Site } from "./site.ts";
import { opens, stays } from "./websocket.ts";

/** They look at each host for themselves, and send nothing that matters. */
const eachHost = [tlsVersions, redirect];

const ofServer = [
  hsts,
  ready,
  addresses,
  release,
  closed,
  login,
  signUp,
  keys,
  wrongKey,
  rateLimit,
  opens,
  stays,
];

const ofConnectUi = [page, links];

export const siteChecks: readonly Check<Site>[] = [
  names,
  certificate,
  health,
  ...eachHost,
  ...ofServer,
  ...ofConnectUi,
];

/** Looks at a Nango from outside: at the doors first, then whether anyone is in, then at the rest. */
export async function examineSite(site: Site): Promise<Result[]> {
  const doors = await runChecks([names, certificate], site, unexpected);
  const shut = (host: URL | undefined): string | undefined => {
    const found = doors.find(
      ({ blocks, about }) => blocks === true && (about === host?.host || about === host?.hostname),
    );
    return found === undefined ? undefined : `see ${found.title}`;
  };
  const [server, connect] = [shut(site.url), shut(site.connectUrl)];
  const [pulse] = await runChecks([unless(server, health)], site, unexpected);
  const silent = server ?? (pulse?.verdict === "bad" ? "see Health" : undefined);
  const rest = [
    ...eachHost,
    ...ofServer.map((check) => unless(silent, check)),
    ...ofConnectUi.map((check) => unless(connect, check)),
  ];
  return [...doors, ...(pulse === undefined ? [] : [pulse]), ...(await runChecks(rest, site, unexpected))];
}

/** The check, or what says why it has no sense. */
function unless(reason: string | undefined, check: Check<Site>): Check<Site> {
  return reason === undefined ? check : { ...check, run: async () => skipped(reason) };
}

function unexpected(error: unknown): Outcome {
  if (error instanceof NoAnswer)
    return bad(error.message, "see that the host is up, and that nango:allowedCidrs lets this machine in");
  throw error;
}
