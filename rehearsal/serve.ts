// Where a program reaches the deployment. To load the messages takes as long as the program takes to ask for the first thing,
// so the one is done beside the other.

import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

import type { Deployment } from "./deployment.ts";

/** Listens for a deployment's program; `close` it when the program has ended. */
export async function serve(deployment: Deployment): Promise<{ address: string; close: () => void }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const monitor = import("./monitor.ts").then(({ answering }) => answering(deployment));
  server.on("connection", (socket) => {
    void monitor.then((answers) => answers.socket(socket));
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    close: () => {
      server.close();
      void monitor.then((answers) => answers.close());
    },
  };
}
