import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Release } from "../../../infra/nango/releases.ts";

/** Starts a server for the length of a test; answers the URL of the manifest on it. */
export async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/managed-manifest.json`;
}

/** A manifest in the form of Nango's own, with these releases. */
export function manifestOf(releases: readonly Release[]): string {
  const entries = releases.map(({ version, application, commit, date }) => ({
    imageVersion: version,
    appVersion: application,
    commitHash: commit,
    releaseDate: `${date}T12:03:11.678Z`,
    comparisonUrl: null,
  }));
  return JSON.stringify({
    latest: entries.at(-1),
    history: [
      { imageVersion: "1.0.0", appVersion: "0.61.2", commitHash: "", releaseDate: "", comparisonUrl: null },
      ...entries.slice(0, -1),
    ],
  });
}
