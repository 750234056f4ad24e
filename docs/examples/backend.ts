// The backend of a product: makes sessions for Connect UI, lists a user's connections, calls an API through the proxy.
// Its three variables are outputs of the stack: url, connectUrl, and apiKeyDev or apiKeyProd.
import { createServer, type IncomingMessage } from "node:http";
import { Nango } from "@nangohq/node";

const host = variable("NANGO_HOST");
const connectUrl = variable("NANGO_CONNECT_URL");
const nango = new Nango({ host, apiKey: variable("NANGO_API_KEY") });

/** The integration's ID, as the dashboard shows it. */
const integration = "github";

/** Who is logged in to your product: from your own session, never from what the browser says. */
function loggedIn(_request: IncomingMessage): { id: string; email: string } {
  return { id: "42", email: "ada@example.com" };
}

/** The connections of one user. Each has the tags of the session that it was made in. */
async function connectionsOf(userId: string) {
  const tags = { end_user_id: userId };
  const { connections } = await nango.listConnections({ tags, integrationId: integration });
  return connections;
}

/** What the frontend opens Connect UI with. The API key stays here. */
async function connectSession(request: IncomingMessage) {
  const user = loggedIn(request);
  const { data } = await nango.createConnectSession({
    tags: { end_user_id: user.id, end_user_email: user.email },
    allowed_integrations: [integration],
  });
  return { sessionToken: data.token, apiURL: host, baseURL: connectUrl };
}

/** Asks GitHub who the user is there. Nango adds the token, and renews it when it has to. */
async function profile(request: IncomingMessage): Promise<unknown> {
  const [connection] = await connectionsOf(loggedIn(request).id);
  if (connection === undefined) return null;
  const { data } = await nango.get({
    providerConfigKey: integration,
    connectionId: connection.connection_id,
    endpoint: "/user",
  });
  return data;
}

const routes: Record<string, (request: IncomingMessage) => Promise<unknown>> = {
  "POST /connect-session": connectSession,
  "GET /connections": (request) => connectionsOf(loggedIn(request).id),
  "GET /profile": profile,
};

export const server = createServer(async (request, response) => {
  const answer = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const route = routes[`${request.method} ${request.url}`];
  if (route === undefined) return answer(404, { error: "there is no such route" });
  try {
    return answer(200, await route(request));
  } catch (error) {
    // Nango's own word, such as unknown_account, is for your log and not for the browser. The error as a whole is for
    // neither: the API key is in it.
    const { message, response: refused } = error as { message: string; response?: { data: unknown } };
    console.error(message, refused === undefined ? "" : JSON.stringify(refused.data));
    return answer(502, { error: "Nango did not do it" });
  }
});

server.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1");

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set`);
  return value;
}
