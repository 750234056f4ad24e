import { type Answer, type ApiCall, failure } from "./call.ts";
import type { Connection, Credentials, Integration, NangoState } from "./state.ts";

/** https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/controllers/connection/getConnections.ts */
export function listConnections(nango: NangoState, { url }: ApiCall): Answer {
  const wanted = [...url.searchParams].flatMap(([name, value]) => {
    const tag = /^tags\[(.+)\]$/.exec(name)?.[1];
    return tag === undefined ? [] : [[tag, value] as const];
  });
  const integrations = url.searchParams.get("integrationId")?.split(",");
  const known = /^(connectionId|search|endUserId|integrationId|endUserOrganizationId|tags\[.+\]|limit|page)$/;
  const unknown = [...url.searchParams.keys()].filter((name) => !known.test(name));
  if (unknown.length > 0) {
    const errors = [{ code: "unrecognized_keys", message: `Unrecognized key: "${unknown[0]}"`, path: [] }];
    return failure(400, { code: "invalid_query_params", errors });
  }
  const connections = nango.connections
    .filter(({ tags }) => wanted.every(([tag, value]) => tags[tag] === value))
    .filter(({ integration }) => integrations?.includes(integration.id) ?? true)
    .map(toPublicApi);
  return { status: 200, body: { connections } };
}

function toPublicApi({ id, connectionId, integration, tags }: Connection): object {
  return {
    id,
    connection_id: connectionId,
    provider_config_key: integration.id,
    provider: integration.provider,
    errors: [],
    end_user: null,
    tags,
    metadata: {},
    created: "2026-08-17T00:00:00.000Z",
  };
}

export function connectionOf(
  nango: NangoState,
  integration: Integration,
  id: unknown,
): Connection | undefined {
  return nango.connections.find((one) => one.integration === integration && one.connectionId === id);
}

/** https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/controllers/connection/connectionId/getConnection.ts */
export function getConnection(nango: NangoState, { url }: ApiCall): Answer {
  const integration = nango.integrations.find(({ id }) => id === url.searchParams.get("provider_config_key"));
  if (integration === undefined)
    return failure(400, { code: "unknown_provider_config", message: "Provider does not exists" });
  const connection = connectionOf(nango, integration, url.pathname.replace("/connections/", ""));
  if (connection === undefined)
    return failure(404, { code: "not_found", message: "Failed to find connection" });
  const { refresh_token, ...others } = connection.credentials;
  const wanted = url.searchParams.get("refresh_token") === "true";
  const credentials = wanted && refresh_token !== undefined ? connection.credentials : others;
  return { status: 200, body: { ...toPublicApi(connection), connection_config: {}, credentials } };
}

/**
 * What an import takes of each kind of credentials; whatever else is given is refused.
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/helpers/validation.ts#L172-L209
 */
const importable: Readonly<Record<string, readonly string[]>> = {
  OAUTH2: ["type", "access_token", "refresh_token", "expires_at", "config_override"],
  API_KEY: ["type", "apiKey"],
  NONE: ["type"],
};

/** https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/controllers/connection/postConnection.ts */
export function importConnection(nango: NangoState, { body }: ApiCall): Answer {
  const { provider_config_key, connection_id, tags, credentials } = JSON.parse(body) as {
    provider_config_key: string;
    connection_id: string;
    tags: Record<string, string>;
    credentials: Credentials;
  };
  const keys = importable[credentials.type] ?? [];
  const others = Object.keys(credentials).filter((key) => !keys.includes(key));
  if (others.length > 0) {
    const message = `Unrecognized keys: ${others.join(", ")}`;
    const errors = [{ code: "unrecognized_keys", message, path: ["credentials"] }];
    return failure(400, { code: "invalid_body", errors });
  }
  const integration = nango.integrations.find(({ id }) => id === provider_config_key);
  if (integration === undefined)
    return failure(404, { code: "not_found", message: "Integration does not exist" });
  const connection = nango.connect(integration, tags, { connectionId: connection_id, credentials });
  return { status: 201, body: toPublicApi(connection) };
}
