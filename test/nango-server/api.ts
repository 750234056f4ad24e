// Nango's public API, as far as this project's examples and commands use it.
// https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/routes.public.ts

import { type Answer, type ApiCall, failure } from "./call.ts";
import { connectionOf, getConnection, importConnection, listConnections } from "./connections.ts";
import type { NangoState } from "./state.ts";

type Route = (nango: NangoState, call: ApiCall) => Answer;

const routes: Readonly<Record<string, Route>> = {
  "GET /integrations": listIntegrations,
  "POST /connect/sessions": createSession,
  "GET /connections": listConnections,
  "GET /connections/*": getConnection,
  "POST /connections": importConnection,
  "GET /proxy/*": proxy,
};

/** The answer to a call of the API; undefined when it is none. */
export function answerApiCall(nango: NangoState, call: ApiCall): Answer | undefined {
  const { pathname } = call.url;
  const route = routes[`${call.method} ${pathname.replace(/^\/(proxy|connections)\/.*/, "/$1/*")}`];
  if (route === undefined) return undefined;
  return refusedKey(nango, call) ?? route(nango, call);
}

/** https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/middleware/access.middleware.ts#L119-L160 */
function refusedKey(nango: NangoState, { headers }: ApiCall): Answer | undefined {
  const { authorization } = headers;
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
  const refuse = (code: string, why: string) =>
    failure(401, { message: `Authentication failed. ${why}`, code, payload: {} });
  if (typeof authorization !== "string")
    return refuse("missing_auth_header", "The request is missing the Authorization header.");
  const key = authorization.split("Bearer ").pop() ?? "";
  if (key === "") return refuse("malformed_auth_header", "The Authorization header is malformed.");
  if (!uuid.test(key))
    return refuse("invalid_secret_key_format", "The provided secret key is not a UUID v4.");
  if (key === nango.apiKey) return undefined;
  return refuse("unknown_account", "The provided authorization header does not match any account.");
}

/** https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/formatters/integration.ts#L53-L77 */
function listIntegrations({ integrations }: NangoState): Answer {
  const made = "2026-08-17T00:00:00.000Z";
  const data = integrations.map(({ id, provider }) => ({
    unique_key: id,
    provider,
    display_name: provider,
    forward_webhooks: true,
    created_at: made,
    updated_at: made,
  }));
  return { status: 200, body: { data } };
}

interface SessionBody {
  readonly tags?: Readonly<Record<string, string>>;
  readonly end_user?: { readonly id: string };
  readonly allowed_integrations?: readonly string[];
}

/** https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/controllers/connect/postSessions.ts */
function createSession(nango: NangoState, { headers, body, connectUrl }: ApiCall): Answer {
  if (!String(headers["content-type"] ?? "").startsWith("application/json"))
    return failure(415, {
      code: "invalid_content_type",
      message: "Content-Type header must be application/json",
    });
  const { tags, end_user, allowed_integrations } = JSON.parse(body) as SessionBody;
  if (tags === undefined && end_user === undefined) {
    const message = "Invalid input: expected object, received undefined";
    return failure(400, {
      code: "invalid_body",
      errors: [{ code: "invalid_type", message, path: ["end_user"] }],
    });
  }
  const errors = (allowed_integrations ?? []).flatMap((wanted, index) =>
    nango.integrations.some(({ id }) => id === wanted)
      ? []
      : [
          {
            code: "custom",
            message: "Integration does not exist",
            path: ["allowed_integrations", String(index)],
          },
        ],
  );
  if (errors.length > 0) return failure(400, { code: "invalid_body", errors });
  const token = nango.startSession({ tags: tags ?? {}, allowedIntegrations: allowed_integrations });
  const connect_link = `${connectUrl}/?session_token=${token}`;
  const expires_at = new Date(Date.now() + 30 * 60 * 1000).toISOString();
  return { status: 201, body: { data: { token, connect_link, expires_at } } };
}

/** https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/controllers/proxy/allProxy.ts */
function proxy(nango: NangoState, { url, headers }: ApiCall): Answer {
  const missing = ["provider-config-key", "connection-id"].filter((name) => headers[name] === undefined);
  if (missing.length > 0) {
    const message = "Invalid input: expected string, received undefined";
    const errors = missing.map((name) => ({ code: "invalid_type", message, path: [name] }));
    return failure(400, { code: "invalid_headers", errors });
  }
  const integration = nango.integrations.find(({ id }) => id === headers["provider-config-key"]);
  if (integration === undefined)
    return failure(404, {
      code: "unknown_provider_config",
      message:
        "Provider config not found for the given provider config key. Please make sure the provider config exists in the Nango dashboard.",
    });
  const connection = connectionOf(nango, integration, headers["connection-id"]);
  if (connection === undefined)
    return failure(400, { code: "server_error", message: "Failed to get connection" });
  const path = url.pathname.replace(/^\/proxy/, "") + url.search;
  return integration.api({ path, authorization: `Bearer ${String(connection.credentials["access_token"])}` });
}
