import { randomBytes, randomInt, randomUUID } from "node:crypto";

/** An API that an integration leads to: answers the calls that Nango's proxy makes for a connection. */
type ProviderApi = (call: { readonly path: string; readonly authorization: string }) => {
  readonly status: number;
  readonly body: unknown;
};

export interface Integration {
  /** Its ID in Nango: `unique_key`. */
  readonly id: string;
  readonly provider: string;
  readonly api: ProviderApi;
}

export interface Connection {
  readonly id: number;
  readonly connectionId: string;
  readonly integration: Integration;
  readonly tags: Readonly<Record<string, string>>;
  /** As the API gives them out: what it was given, and for OAuth 2 the provider's whole answer as `raw`. */
  readonly credentials: Credentials;
}

export type Credentials = Readonly<Record<string, unknown>> & { readonly type: string };

interface Session {
  readonly tags: Readonly<Record<string, string>>;
  readonly allowedIntegrations: readonly string[] | undefined;
}

/** What a Nango knows: one environment, behind one API key. */
export class NangoState {
  readonly apiKey = randomUUID();
  integrations: Integration[] = [];
  connections: Connection[] = [];
  readonly #sessions = new Map<string, Session>();

  /** https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/helpers/validation.ts#L84-L85 */
  startSession(session: Session): string {
    const token = `nango_connect_session_${randomBytes(32).toString("hex")}`;
    this.#sessions.set(token, session);
    return token;
  }

  session(token: string): Session | undefined {
    return this.#sessions.get(token);
  }

  connect(
    integration: Integration,
    tags: Readonly<Record<string, string>>,
    {
      connectionId = randomUUID(),
      credentials = oauth2(),
    }: { connectionId?: string; credentials?: Credentials } = {},
  ): Connection {
    const connection = { id: this.connections.length + 1, connectionId, integration, tags, credentials };
    this.connections.push(connection);
    return connection;
  }
}

function oauth2(): Credentials {
  const token = { access_token: `token-${randomInt(1e9)}`, refresh_token: `refresh-${randomInt(1e9)}` };
  return { type: "OAUTH2", ...token, expires_at: "2030-01-01T00:00:00.000Z", raw: token };
}
