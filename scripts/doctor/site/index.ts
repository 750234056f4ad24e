import { bad, type Check, type Outcome, type Result, runChecks, skipped } from "../../checks/check.ts";
import { keys, rateLimit, wrongKey } from "./api.ts";
import { certificate, tlsVersions } from "./certificate.ts";
import { links, page } from "./connect-ui.ts";
import { closed, encryption, login, signUp } from "./dashboard.ts";
import { names } from "./names.ts";
import { hsts, redirect } from "./plain-http.ts";
import { NoAnswer } from "./request.ts";
import { addresses, health, ready, release } from "./server.ts";
import type { Site } from "./site.ts";
import { opens, stays } from "./websocket.ts";

/** They look at each host for themselves, and send nothing that matters. */
const eachHost = [tlsVersions, redirect];

const ofServer = [hsts, addresses, release, closed, signUp, opens, stays];

/** Without its database the server refuses the right ones, too, or is silent. */
const ofDatabase = [login, encryption, keys, wrongKey, rateLimit];

const ofConnectUi = [page, links];

export const siteChecks: readonly Check<Site>[] = [
  names,
  certificate,
  health,
  ready,
  ...eachHost,
  ...ofServer,
  ...ofDatabase,
  ...ofConnectUi,
];

/** Looks at a Nango from outside: at the doors first, then whether anyone is in and can work, then at the rest. */
export async function examineSite(site: Site): Promise<Result[]> {
  const doors = await runChecks([names, certificate], site, unexpected);
  const shut = (host: URL | undefined): string | undefined => {
    const found = doors.find(
      ({ blocks, about }) => blocks === true && (about === host?.host || about === host?.hostname),
    );
    return found === undefined ? undefined : `see ${found.title}`;
  };
  const [server, connect] = [shut(site.url), shut(site.connectUrl)];
  const pulse = await runChecks([unless(server, health)], site, unexpected);
  const silent = server ?? (isBad(pulse) ? `see ${health.title}` : undefined);
  const readiness = await runChecks([unless(silent, ready)], site, unexpected);
  const idle = silent ?? (isBad(readiness) ? `see ${ready.title}` : undefined);
  const rest = [
    ...eachHost,
    ...ofServer.map((check) => unless(silent, check)),
    ...ofDatabase.map((check) => unless(idle, check)),
    ...ofConnectUi.map((check) => unless(connect, check)),
  ];
  return [...doors, ...pulse, ...readiness, ...(await runChecks(rest, site, unexpected))];
}

function isBad(results: readonly Result[]): boolean {
  return results.some(({ verdict }) => verdict === "bad");
}

/** The check, or what says why it has no sense. */
function unless(reason: string | undefined, check: Check<Site>): Check<Site> {
  return reason === undefined ? check : { ...check, run: async () => skipped(reason) };
}

function unexpected(error: unknown, check: Check<Site>): Outcome {
  if (!(error instanceof NoAnswer)) throw error;
  return bad(
    error.message,
    ofDatabase.includes(check)
      ? "the server listens, and asks its database in vain: see that it runs and was migrated, and read the server's log"
      : "see that the host is up, and that nango:allowedCidrs lets this machine in",
  );
}
