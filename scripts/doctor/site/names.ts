import dns from "node:dns";
import { promisify } from "node:util";
import { bad, type Check, good, type Outcome } from "../../checks/check.ts";
import { codeOf, defaultMilliseconds, reasonOf } from "./request.ts";
import type { Network, Site } from "./site.ts";

/** The hosts that people and programs go to. */
export function hostsOf({ url, connectUrl }: Pick<Site, "url" | "connectUrl">): URL[] {
  return connectUrl === undefined || connectUrl.host === url.host ? [url] : [url, connectUrl];
}

export const names: Check<Site> = {
  id: "names",
  title: "Names",
  run: (site) => Promise.all(hostsOf(site).map((host) => resolves(host, site))),
};

async function resolves({ hostname }: URL, { network, stack }: Site): Promise<Outcome> {
  try {
    const addresses = await addressesOf(hostname.replace(/^\[|\]$/g, ""), network);
    return { ...good(`leads to ${addresses.join(", ")}`), about: hostname };
  } catch (error) {
    if (!(error instanceof Error && codeOf(error) === "ENOTFOUND"))
      return { ...bad(reasonOf(error, millisecondsOf(network)), ownNetwork), about: hostname, blocks: true };
    const remedy =
      `with nango:hostedZone the stack keeps its record: npm run preflight -- ${stack} says whether the world is led to that zone. ` +
      `With DNS elsewhere make it: npm run outputs -- ${stack} dnsRecords. One of the last minutes may take a while`;
    return { ...bad("does not resolve", remedy), about: hostname, blocks: true };
  }
}

/** What to do where nobody says whether there is such a name. */
const ownNetwork = "see that this machine is connected, and that its resolver answers: Nango may be well";

function millisecondsOf({ milliseconds = defaultMilliseconds }: Network): number {
  return milliseconds;
}

async function addressesOf(hostname: string, network: Network): Promise<string[]> {
  const lookup = promisify((network.lookup ?? dns.lookup) as typeof dns.lookup) as (
    name: string,
    options: dns.LookupAllOptions,
  ) => Promise<dns.LookupAddress[]>;
  const milliseconds = millisecondsOf(network);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, milliseconds, `the resolver does not answer within ${milliseconds / 1000} s`);
  });
  try {
    const found = await Promise.race([lookup(hostname, { all: true }), late]);
    return found.map(({ address }) => address);
  } finally {
    clearTimeout(timer);
  }
}
