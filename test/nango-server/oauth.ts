// How Nango connects an account in a popup: a websocket tells the popup's opener how it ended.
// https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/clients/publisher.client.ts

import { randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import type { NangoState } from "./state.ts";

export class Popups {
  readonly #openers = new Map<string, WebSocket>();

  acknowledge(opener: WebSocket): void {
    const ws_client_id = randomUUID();
    this.#openers.set(ws_client_id, opener);
    opener.send(JSON.stringify({ message_type: "connection_ack", ws_client_id }));
  }

  /** What a popup asks for: `/oauth/connect/<integration>`. The user agrees at once. */
  connect(nango: NangoState, url: URL): void {
    const opener = this.#openers.get(url.searchParams.get("ws_client_id") ?? "");
    const session = nango.session(url.searchParams.get("connect_session_token") ?? "");
    const id = url.pathname.replace("/oauth/connect/", "");
    const integration = nango.integrations.find((one) => one.id === id);
    if (opener === undefined || session === undefined || integration === undefined)
      throw new Error(`no popup can be opened with ${url.href}`);
    const { connectionId } = nango.connect(integration, session.tags);
    opener.send(
      JSON.stringify({
        message_type: "success",
        provider_config_key: id,
        connection_id: connectionId,
        is_pending: false,
      }),
    );
  }
}
