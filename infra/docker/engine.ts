import { connect } from "node:net";
import { homedir } from "node:os";

/** What the stack's configuration says of the engine (`docker:context`, `docker:host`). */
export interface ProviderSettings {
  readonly context?: string | undefined;
  readonly host?: string | undefined;
}

/**
 * Where Pulumi's Docker plugin looks for an engine that nothing names, in its order.
 * https://github.com/pulumi/pulumi-docker/blob/237b7899bb513613a7645e74d6981c12d054dcc7/provider/image.go#L965-L985
 */
export function standardHosts(platform: NodeJS.Platform = process.platform, home = homedir()): string[] {
  return platform === "win32"
    ? ["npipe:////./pipe/docker_engine"]
    : [
        "unix:///var/run/docker.sock",
        `unix://${home}/.docker/run/docker.sock`,
        `unix://${home}/.docker/desktop/docker.sock`,
      ];
}

/** The first of the sockets at which somebody listens. */
export async function firstListening(hosts: readonly string[]): Promise<string | undefined> {
  for (const host of hosts) if (await isListening(host.replace(/^(unix|npipe):\/\//, ""))) return host;
  return undefined;
}

function isListening(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    const end = (answer: boolean) => {
      connection.destroy();
      resolve(answer);
    };
    connection.once("connect", () => end(true)).once("error", () => end(false));
  });
}

/**
 * The arguments with which the Docker CLI talks to the engine that the provider talks to. Left alone, the two look in
 * different places: https://github.com/kreuzwerker/terraform-provider-docker/blob/v4.5.0/internal/provider/provider.go#L45-L65
 */
export async function engineArguments(
  provider: ProviderSettings,
  environment: NodeJS.ProcessEnv = process.env,
  standard: readonly string[] = standardHosts(),
): Promise<string[]> {
  const given = (text: string | undefined) => (text === "" ? undefined : text);
  const context = given(provider.context) ?? given(environment["DOCKER_CONTEXT"]);
  if (context !== undefined) return ["--context", context];
  const host = given(provider.host) ?? given(environment["DOCKER_HOST"]);
  return ["--host", host ?? (await firstListening(standard)) ?? standard[0]!];
}
