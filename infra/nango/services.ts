/** A process of Nango's image: how it is started, where it listens, how to tell that it is well. */
export interface NangoService {
  /** The container's name. */
  readonly name: string;
  /** The command and its arguments, relative to the image's working directory `/app/nango`. */
  readonly command: readonly string[];
  /** The TCP port it listens on. */
  readonly port: number;
  /** The path that answers 200 while the process is well. */
  readonly healthPath: string;
  /** The path that answers 200 while the process wants traffic. */
  readonly readyPath: string;
}

/** The user of all that runs in Nango's image and needs no more: `nobody`, which owns nothing in it. */
export const unprivileged = "65534:65534";

/**
 * The API, the dashboard and the websocket, on one port.
 *
 * The image's own entry point is a shell that never passes SIGTERM on, so every stop would end in SIGKILL: node is
 * started directly. https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/entrypoint.sh
 * `/ready` turns 503 as soon as SIGTERM arrives; `/health` does not.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/controllers/ready.ts
 */
export const server: NangoService = {
  name: "server",
  command: ["node", "packages/server/dist/server.js"],
  port: 3003,
  healthPath: "/health",
  readyPath: "/ready",
};

/**
 * The share of a task's memory that the server's heap may take; buffers, code and Connect UI need the rest. Node does not see
 * a limit that stands on the task and not on the container, takes the machine's memory for its own and collects too late:
 * in 1 GB one call with a body of 70 MB, of which Nango takes 75, had the server killed without this, and none with it.
 * https://nodejs.org/docs/latest-v22.x/api/cli.html#--max-old-space-sizesize-in-mib
 */
const heapShare = 0.6;

/** How the server is started with so much memory (MiB) for it and what runs beside it. */
export function serverCommand(memory: number): string[] {
  const [node = "", ...rest] = server.command;
  return [node, `--max-old-space-size=${Math.floor(memory * heapShare)}`, ...rest];
}

/** How long the load balancer keeps a silent connection: Nango's websockets send nothing until OAuth ends. Seconds. */
export const idleTimeoutSeconds = 300;

/**
 * How long a server keeps a silent connection. A load balancer that meets one which the server has just closed answers
 * 502, so it must be the longer of the two. Milliseconds.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-502-issues
 */
export const keepAliveMilliseconds = idleTimeoutSeconds * 1000 + 5000;

/** How long a stopping process keeps serving, so that load balancers notice first. Milliseconds. */
export const shutdownDelayMilliseconds = 20_000;

/**
 * `serve` has no setting for either: it closes connections that are silent for five seconds, and itself as soon as it is
 * told to stop. A task that AWS takes away (Spot) is told so while the load balancer still sends it requests.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
 * The text is part of a URL, in which `?`, `#` and `%` mean something else.
 */
const keepConnections = `
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
const { createServer } = http;
const keepAlive = { keepAliveTimeout: ${keepAliveMilliseconds}, headersTimeout: ${keepAliveMilliseconds + 1000} };
const delay = Number(process.env.SHUTDOWN_DELAY_MS);
http.createServer = (...given) => {
  const server = Object.assign(createServer(...given), keepAlive);
  const close = server.close.bind(server);
  server.close = (...after) => (setTimeout(close, delay, ...after), server);
  return server;
};
syncBuiltinESMExports();
`;

/**
 * The page in which an end user connects an account: static files. What the workspace's `serve:unsafe` script runs,
 * without npm and a shell in between.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/connect-ui/package.json
 */
export const connectUi: NangoService = {
  name: "connect-ui",
  command: [
    "node",
    "--import",
    `data:text/javascript,${keepConnections}`,
    "node_modules/serve/build/main.js",
    "--single",
    "packages/connect-ui/dist",
    "--listen",
    "3009",
    "--no-port-switching",
    // Addresses hold session tokens.
    "--no-request-logging",
  ],
  port: 3009,
  healthPath: "/",
  readyPath: "/",
};

/**
 * How long a stopping server may take altogether: the delay above, up to 10 s for its task queue, and open websockets,
 * which it waits for. Seconds; 120 is the most that Fargate allows.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export const stopTimeoutSeconds = 120;

/** Migrations of an empty database took 41 s on a busy machine; nothing listens before. Seconds. */
export const startGraceSeconds = 180;

/**
 * A health check for containers of Nango's image, which has neither curl nor wget.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/Dockerfile#L92-L96
 */
export function healthCheckCommand(service: NangoService): string[] {
  const url = `http://127.0.0.1:${service.port}${service.healthPath}`;
  return ["node", "-e", `fetch("${url}").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`];
}
