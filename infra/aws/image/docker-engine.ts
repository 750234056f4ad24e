import { request } from "node:http";
import { homedir } from "node:os";
import path from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/**
 * Where the provider looks for an engine that it was not told of.
 * https://github.com/pulumi/pulumi-docker/blob/237b7899bb513613a7645e74d6981c12d054dcc7/provider/image.go#L974
 */
const sockets = (home: string) => [
  "/var/run/docker.sock",
  path.join(home, ".docker/run/docker.sock"),
  path.join(home, ".docker/desktop/docker.sock"),
];

const timeoutMilliseconds = 5000;

/**
 * What is wrong with the Docker engine that the provider would use, with the way out; undefined when one answers, or
 * when it is reached in another way than through a socket of this machine.
 */
export async function engineProblem(
  host: string | undefined = docker.config.host ?? process.env["DOCKER_HOST"],
  home: string = homedir(),
): Promise<string | undefined> {
  if (process.platform === "win32" || (host !== undefined && !host.startsWith("unix://"))) return undefined;
  const candidates = host === undefined ? sockets(home) : [host.slice("unix://".length)];
  const answers = await Promise.all(candidates.map(answersPing));
  if (answers.includes(true)) return undefined;
  return (
    `No Docker engine answers at ${candidates.join(", ")}, and copying the image takes one where "pulumi up" runs. ` +
    `Start Docker (or set DOCKER_HOST), or take a source that needs none: npx pulumi config set -s ${pulumi.getStack()} nango:imageSource ecr-pull-through`
  );
}

function answersPing(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: "/_ping", timeout: timeoutMilliseconds }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on("timeout", () => ping.destroy());
    ping.on("error", () => resolve(false));
    ping.end();
  });
}
