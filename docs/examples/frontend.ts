// The frontend of a product: opens Connect UI, where a user picks an account to connect.
import Nango from "@nangohq/frontend";

/** Call it when the user clicks. `onConnected` is told the ID of the new connection, `onError` why there is none. */
export async function connect(
  onConnected: (connectionId: string) => void,
  onError: (reason: string) => void,
): Promise<void> {
  const response = await fetch("/connect-session", { method: "POST" });
  if (!response.ok) throw new Error(`the backend answered ${response.status}`);
  const { sessionToken, apiURL, baseURL } = (await response.json()) as Record<string, string>;
  if (!sessionToken || !apiURL || !baseURL) throw new Error("the backend answered with no session");

  new Nango({ host: apiURL }).openConnectUI({
    sessionToken,
    apiURL,
    baseURL,
    onEvent(event) {
      if (event.type === "connect") onConnected(event.payload.connectionId);
      if (event.type === "error") onError(event.payload.errorMessage);
    },
  });
}
