import { bad, type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import { hostsOf } from "./names.ts";
import { get, NoAnswer } from "./request.ts";
import { isHttps, type Site } from "./site.ts";

export const redirect: Check<Site> = {
  id: "redirect",
  title: "Redirect to HTTPS",
  run: (site) =>
    Promise.all(hostsOf(site).map(async (host) => ({ ...(await redirected(host, site)), about: host.host }))),
};

async function redirected(host: URL, { network }: Site): Promise<Outcome> {
  if (!isHttps(host)) return skipped("there is no HTTPS to lead to");
  // Only the usual port has an usual one beside it.
  if (host.port !== "" && network.plainPort === undefined) return skipped(`HTTPS is at port ${host.port}`);
  const plain = new URL(`http://${host.hostname}:${network.plainPort ?? 80}/`);
  try {
    const { status, headers } = await get(network, plain);
    const to = headers.location === undefined ? undefined : new URL(headers.location, plain);
    if (status >= 300 && status < 400 && to?.protocol === "https:" && to.hostname === host.hostname)
      return good(`http:// leads to https:// (${status})`);
    const says =
      to === undefined
        ? `answers ${status} over plain HTTP`
        : `http:// leads to ${to.origin} (${status}), not to https://${host.hostname}`;
    return bad(says, "let the listener of port 80 redirect to HTTPS, as the stack's does");
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    if (error.code === "ENOTFOUND") return skipped("the name does not resolve");
    return warning(
      `port ${plain.port || 80} ${error.message}: who enters the name without https:// may find nothing`,
      "let something redirect there, as the stack's load balancer does",
    );
  }
}

export const hsts: Check<Site> = {
  id: "hsts",
  title: "HSTS",
  async run({ url, network }) {
    if (!isHttps(url)) return skipped("browsers heed it over HTTPS only");
    const { headers } = await get(network, new URL("/health", url));
    const value = headers["strict-transport-security"] ?? "";
    const seconds = Number(/max-age="?(\d+)/i.exec(value)?.[1] ?? 0);
    const days = Math.floor(seconds / 86_400);
    if (days > 0) return good(`browsers stay with HTTPS for ${days} days`);
    return warning(
      value === "" ? "the header strict-transport-security is missing" : `switches it off: ${value}`,
      "Nango sends it: see what stands between, and takes it away",
    );
  },
};
