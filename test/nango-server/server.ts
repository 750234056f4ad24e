import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { WebSocketServer } from "ws";
import { answerApiCall } from "./api.ts";
import { Popups } from "./oauth.ts";
import { NangoState } from "./state.ts";

export interface NangoServer {
  readonly url: string;
  readonly nango: NangoState;
  close(): Promise<void>;
}

/** A server on the loopback interface that answers what Nango would, as far as examples and commands ask. */
export async function startNango({
  connectUrl,
  websocketsPath,
}: {
  readonly connectUrl: string;
  readonly websocketsPath: string;
}): Promise<NangoServer> {
  const nango = new NangoState();
  const popups = new Popups();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://nango");
    const { method = "GET", headers } = request;
    if (url.pathname.startsWith("/oauth/connect/")) {
      popups.connect(nango, url);
      return response.end();
    }
    const body = await text(request);
    const answer = answerApiCall(nango, { method, url, headers, body, connectUrl });
    const { status, body: content } = answer ?? { status: 404, body: {} };
    return response
      .writeHead(status, { "content-type": "application/json; charset=utf-8" })
      .end(JSON.stringify(content));
  });
  const websockets = new WebSocketServer({ server, path: websocketsPath });
  websockets.on("connection", (opener) => popups.acknowledge(opener));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((closed) => {
      websockets.close();
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { url, nango, close };
}
