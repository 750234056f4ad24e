import { bad, type Check, good, type Outcome, skipped } from "../../checks/check.ts";
import { get } from "./request.ts";
import { shown } from "./server.ts";
import type { Site } from "./site.ts";

function withoutUrl({ environment }: Site): Outcome {
  return skipped(
    environment === undefined
      ? "it is where /env.js tells, which could not be read"
      : "there is no Connect UI",
  );
}

export const page: Check<Site> = {
  id: "connect-ui",
  title: "Connect UI",
  async run(site): Promise<Outcome> {
    const { connectUrl, network, stack } = site;
    if (connectUrl === undefined) return withoutUrl(site);
    const reply = await get(network, connectUrl);
    const type = reply.headers["content-type"] ?? "";
    if (reply.status !== 200 || !type.startsWith("text/html"))
      return bad(
        `it answers ${shown(reply)}`,
        `its container may be down: npm run logs -- ${stack} shows its log`,
      );
    const forbidden = framesForbidden(reply.headers);
    return forbidden === undefined
      ? good("it loads, and other sites may embed it")
      : bad(`no product can embed it: ${forbidden}`, "take that header away for this host; Nango sends none");
  },
};

/** https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Frame-Options */
function framesForbidden(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): string | undefined {
  const options = headers["x-frame-options"];
  if (options !== undefined) return `x-frame-options: ${String(options)}`;
  const policy = String(headers["content-security-policy"] ?? "");
  return /frame-ancestors[^;]*/.exec(policy)?.[0];
}

/** What a link looks like that Nango hands out; nobody has this token. */
const token = `nango_connect_session_${"0".repeat(64)}`;

export const links: Check<Site> = {
  id: "connect-links",
  title: "Connect links",
  async run(site): Promise<Outcome> {
    const { url, connectUrl, network, expected } = site;
    if (connectUrl === undefined) return withoutUrl(site);
    const link = new URL(`/?session_token=${token}`, connectUrl);
    const { status, headers } = await get(network, link);
    const to = headers.location === undefined ? undefined : new URL(headers.location, link);
    const apiUrl = to?.searchParams.get("apiURL") ?? undefined;
    if (to === undefined || apiUrl === undefined) {
      if (!expected.linksAreCompleted) return skipped("on a laptop nothing completes them: docs/laptop.md");
      return bad(
        `they lead to Nango's cloud: the page asks https://api.nango.dev unless a link says apiURL, and nothing adds it (${status})`,
        "redirect links without it, as the stack's load balancer does; a frontend gives apiURL to openConnectUI: docs/connect.md",
      );
    }
    if (!URL.canParse(apiUrl) || new URL(apiUrl).origin !== url.origin)
      return bad(`they are completed with another API than this one: ${apiUrl}`, "deploy the stack");
    const complete = await get(network, to);
    return complete.status === 200
      ? good(`they are completed with ${url.origin}`)
      : bad(`a completed link answers ${shown(complete)}`, "see that a link with apiURL is let through");
  },
};
