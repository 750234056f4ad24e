// Without Connect UI: a button of your own that opens the provider's login.
import Nango from "@nangohq/frontend";

/** Call it when the page loads: a browser lets a popup open only at once when the user clicks. */
export async function prepare(): Promise<() => Promise<string>> {
  const response = await fetch("/connect-session", { method: "POST" });
  if (!response.ok) throw new Error(`the backend answered ${response.status}`);
  const { sessionToken, apiURL } = (await response.json()) as Record<string, string>;
  if (!sessionToken || !apiURL) throw new Error("the backend answered with no session");

  // websocketsPath: what nango:websocketsPath says in the stack file, if it is there.
  const nango = new Nango({ host: apiURL, connectSessionToken: sessionToken, websocketsPath: "/" });

  /** Call it when the user clicks. Resolves with the ID of the new connection. */
  return async function connect() {
    const { connectionId } = await nango.auth("github", { detectClosedAuthWindow: true });
    return connectionId;
  };
}
