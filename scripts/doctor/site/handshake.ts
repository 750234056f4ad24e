import { once } from "node:events";
import { isIP } from "node:net";
import tls from "node:tls";
import { defaultMilliseconds } from "./request.ts";
import type { Network } from "./site.ts";

/** What a TLS handshake showed. */
export interface Handshake {
  /** As in `TLSv1.3`. */
  readonly protocol: string;
  /** Why the certificate does not verify for this host; undefined when it does. */
  readonly refusal: string | undefined;
  readonly certificate: tls.PeerCertificate;
}

/** Shakes hands, whatever the certificate, and sends nothing. */
export async function shakeHands(
  { hostname, port }: URL,
  { lookup, ca, milliseconds = defaultMilliseconds }: Network,
  versions: Pick<tls.ConnectionOptions, "minVersion" | "maxVersion" | "ciphers"> = {},
): Promise<Handshake> {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const socket = tls.connect({
    host,
    port: Number(port || 443),
    // https://www.rfc-editor.org/rfc/rfc6066#section-3
    ...(isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: false,
    ...(lookup && { lookup }),
    ...(ca && { ca }),
    ...versions,
  });
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), milliseconds);
  try {
    await once(socket, "secureConnect", { signal: patience.signal });
    return {
      protocol: socket.getProtocol() ?? "unknown",
      // Node gives the code of OpenSSL's error, and puts the name's own in its place.
      refusal: socket.authorized ? undefined : String(socket.authorizationError),
      certificate: socket.getPeerCertificate(),
    };
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
