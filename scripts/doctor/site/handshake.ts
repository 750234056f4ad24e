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
  const socket = tls.connect({
    host: hostname,
    port: Number(port || 443),
    servername: hostname,
    rejectUnauthorized: false,
    ...(lookup && { lookup }),
    ...(ca && { ca }),
    ...versions,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve).once("error", reject);
      socket.setTimeout(milliseconds, () =>
        reject(Object.assign(new Error("no answer"), { name: "TimeoutError" })),
      );
    });
    return {
      protocol: socket.getProtocol() ?? "unknown",
      // Node gives the code of OpenSSL's error, and puts the name's own in its place.
      refusal: socket.authorized ? undefined : String(socket.authorizationError),
      certificate: socket.getPeerCertificate(),
    };
  } finally {
    socket.destroy();
  }
}
