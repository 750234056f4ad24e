// Copies connections from another Nango, such as Nango Cloud: their IDs, tags, metadata and credentials.
// Each needs an integration of the same ID in the stack, with the same OAuth app.
import { Nango } from "@nangohq/node";

const from = new Nango({ host: variable("FROM_HOST"), apiKey: variable("FROM_API_KEY") });
const host = variable("NANGO_HOST");
const authorization = `Bearer ${variable("NANGO_API_KEY")}`;

type Connection = Awaited<ReturnType<Nango["getConnection"]>>;

const { connections } = await from.listConnections({});
for (const { connection_id, provider_config_key } of connections) {
  const outcome = await copy(provider_config_key, connection_id).catch(
    (error: Error) => `not copied: ${error.message}`,
  );
  console.log(`${provider_config_key} ${connection_id}: ${outcome}`);
}

async function copy(integration: string, id: string): Promise<string> {
  const connection = await from.getConnection(integration, id, false, true);
  const credentials = importable(connection.credentials);
  if (credentials === undefined) return "not copied, for its kind cannot be: connect it again";
  const { connection_id, provider_config_key, tags, metadata, connection_config } = connection;
  const response = await fetch(`${host}/connections`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({
      connection_id,
      provider_config_key,
      tags,
      metadata: metadata ?? {},
      connection_config,
      credentials,
    }),
  });
  return response.ok ? "copied" : `not copied: ${response.status} ${await response.text()}`;
}

/** The part of what Nango gives out that it takes in again; undefined for a kind that it does not take in. */
function importable(credentials: Connection["credentials"]): object | undefined {
  if (!("type" in credentials)) return { type: "NONE" };
  switch (credentials.type) {
    case "OAUTH2": {
      const { type, access_token, refresh_token, expires_at } = credentials;
      return { type, access_token, refresh_token, expires_at };
    }
    case "OAUTH1": {
      const { type, oauth_token, oauth_token_secret } = credentials;
      return { type, oauth_token, oauth_token_secret };
    }
    case "API_KEY":
    case "BASIC":
      return credentials;
    default:
      return undefined;
  }
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set`);
  return value;
}
