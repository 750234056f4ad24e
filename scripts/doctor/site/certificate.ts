import { bad, type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import { type Handshake, shakeHands } from "./handshake.ts";
import { hostsOf } from "./names.ts";
import { codeOf, defaultMilliseconds, reasonOf } from "./request.ts";
import { isHttps, isLoopback, type Network, type Site } from "./site.ts";

const day = 24 * 60 * 60 * 1000;

/** ACM renews 60 days before the end, others 30: what is left then has not been renewed. Days. */
const tooFew = 21;
const hardlyAny = 7;

const renewal =
  "ACM renews by itself only while the record that proves the name is in the DNS: look at the certificate in the ACM console. A brought one (nango:certificateArn) of another authority has to be imported anew";

export const certificate: Check<Site> = {
  id: "certificate",
  title: "Certificate",
  run: (site) =>
    Promise.all(
      hostsOf(site).map(async (host) => ({ ...(await certificateOf(host, site.network)), about: host.host })),
    ),
};

async function certificateOf(host: URL, network: Network): Promise<Outcome> {
  if (!isHttps(host)) {
    if (isLoopback(host)) return skipped("plain HTTP on this machine");
    return bad(
      "plain HTTP: whatever passes can be read on the way",
      "give the stack a domain: nango:domain, and nango:hostedZone or nango:certificateArn",
    );
  }
  try {
    return judged(await shakeHands(host, network), host);
  } catch (error) {
    if (error instanceof Error && codeOf(error) === "ENOTFOUND") return skipped("see Names");
    return blocking(
      reasonOf(error, network.milliseconds ?? defaultMilliseconds),
      "see that the name leads to the load balancer, and that nango:allowedCidrs lets this machine in",
    );
  }
}

/** Nothing is sent to a host whose certificate does not verify. */
function blocking(says: string, remedy: string): Outcome {
  return { ...bad(says, remedy), blocks: true };
}

export const tlsVersions: Check<Site> = {
  id: "tls-versions",
  title: "TLS versions",
  run: (site) =>
    forEachHost(site, async (host) => {
      try {
        return await versionsOf(host, site.network);
      } catch {
        return skipped("see Certificate");
      }
    }),
};

/** A check of each host that is reached over TLS, or why one is not looked at. */
function forEachHost(site: Site, look: (host: URL) => Promise<Outcome>): Promise<Outcome[]> {
  return Promise.all(
    hostsOf(site).map(async (host) => {
      const outcome = isHttps(host)
        ? await look(host)
        : skipped(isLoopback(host) ? "plain HTTP on this machine" : "plain HTTP");
      return { ...outcome, about: host.host };
    }),
  );
}

function judged({ refusal, certificate }: Handshake, { hostname }: URL): Outcome {
  const days = Math.floor((Date.parse(certificate.valid_to) - Date.now()) / day);
  const until = new Date(certificate.valid_to).toISOString().slice(0, 10);
  if (refusal === "CERT_HAS_EXPIRED") return blocking(`expired on ${until}`, renewal);
  if (refusal === "ERR_TLS_CERT_ALTNAME_INVALID")
    return blocking(
      `is for other names: ${certificate.subjectaltname?.replaceAll("DNS:", "") ?? "none"}`,
      `take a certificate for ${hostname}; a wildcard covers one level of names`,
    );
  if (refusal !== undefined)
    return blocking(
      `does not verify (${refusal})`,
      "serve it with its intermediate certificates, from an authority that clients trust; a private one: NODE_EXTRA_CA_CERTS=<its PEM file> for this command",
    );
  const says = `verifies, for ${days} more days (${until})`;
  if (days < hardlyAny) return bad(says, renewal);
  return days < tooFew ? warning(says, renewal) : good(says);
}

/** TLS 1.0 and 1.1: https://datatracker.ietf.org/doc/html/rfc8996 */
async function versionsOf(host: URL, network: Network): Promise<Outcome> {
  const { protocol } = await shakeHands(host, network);
  const old = await oldVersion(host, network);
  if (old === "unknown") return skipped("this machine's own TLS speaks no version before 1.2 to try with");
  return old === undefined
    ? good(`speaks ${protocol}, and none before 1.2`)
    : bad(
        `still speaks ${old}`,
        "set the listener's policy to one from TLS 1.2 on: ELBSecurityPolicy-TLS13-1-2-2021-06",
      );
}

async function oldVersion(host: URL, network: Network): Promise<string | undefined> {
  try {
    const { protocol } = await shakeHands(host, network, {
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      // OpenSSL 3 speaks them at this level only.
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    return protocol;
  } catch (error) {
    const code = error instanceof Error ? codeOf(error) : "";
    return code === "ERR_SSL_NO_PROTOCOLS_AVAILABLE" ? "unknown" : undefined;
  }
}
