import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  addTask,
  type Cluster,
  type Input,
  operations,
  Refusal,
  type StubbedTask,
  type StubbedTasks,
} from "./stubbed-aws/operations.ts";

/** An answer that is given once, instead of the stub's own, to the next call of an operation. */
export interface ScriptedAnswer {
  readonly operation: string;
  /** An error by its name, another body, or a connection that breaks after the stub has done what it was asked. */
  readonly answer: { readonly error: string; readonly message: string } | { readonly body: object } | "lost";
}

export interface Scenario extends StubbedTasks {
  /** Tasks that run already. */
  readonly earlier?: readonly (StubbedTask & {
    readonly startedBy: string;
    readonly taskDefinition: string;
    readonly desiredStatus?: "STOPPED";
  })[];
  readonly scripted?: readonly ScriptedAnswer[];
}

/** A call that the stub got: what was asked for, and as whom. */
export interface StubbedCall {
  readonly operation: string;
  readonly input: Input;
  readonly accessKeyId: string | undefined;
}

export interface StubbedAws {
  readonly url: string;
  /** Environment variables that lead every call of the AWS SDK here, with credentials that are worth nothing. */
  readonly environment: Readonly<Record<string, string>>;
  /** Every call so far, in order. */
  readonly calls: readonly StubbedCall[];
  close(): Promise<void>;
}

interface Stub {
  readonly cluster: Cluster;
  readonly scripted: ScriptedAnswer[];
  readonly calls: StubbedCall[];
}

/**
 * An HTTP server on the loopback interface that answers, as ECS, CloudWatch Logs and STS would, the calls that a one-off
 * task takes. Whatever else it is asked is refused.
 */
export async function startStubbedAws(scenario: Scenario): Promise<StubbedAws> {
  const cluster: Cluster = { container: scenario.container, tasks: scenario.tasks, running: [], started: 0 };
  for (const { startedBy, taskDefinition, desiredStatus, ...plan } of scenario.earlier ?? []) {
    addTask(cluster, plan, { startedBy, taskDefinition }).desiredStatus = desiredStatus ?? "RUNNING";
  }
  const stub: Stub = { cluster, scripted: [...(scenario.scripted ?? [])], calls: [] };
  const server = createServer((request, response) => void respond(stub, request, response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, environment: environmentOf(url), calls: stub.calls, close: () => close(server) };
}

function environmentOf(url: string): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: "AKIASTUBBED",
    AWS_SECRET_ACCESS_KEY: "stubbed",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url,
    AWS_ENDPOINT_URL_ECS: url,
    AWS_ENDPOINT_URL_STS: url,
  };
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((closed) => {
    server.close(() => closed());
    server.closeAllConnections();
  });
}

async function respond(stub: Stub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { operation, input } = parse(request, await text(request));
  const accessKeyId = /Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1];
  stub.calls.push({ operation, input, accessKeyId });
  try {
    const body = answer(stub, operation, input);
    if (body === "lost") request.socket.destroy();
    else if (typeof body === "string") response.writeHead(200, { "content-type": "text/xml" }).end(body);
    else response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
  } catch (error) {
    const { name, message } = error as Error;
    const status = name === "ServerException" ? 500 : 400;
    const body = JSON.stringify({ __type: name, message });
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(body);
  }
}

/** ECS and CloudWatch Logs speak AWS JSON 1.1, which names the operation in a header; STS speaks AWS Query. */
function parse(request: IncomingMessage, body: string): { operation: string; input: Input } {
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") {
    return { operation: target.replace(/^.*\./, ""), input: JSON.parse(body) as Input };
  }
  const { Action, ...input } = Object.fromEntries(new URLSearchParams(body));
  return { operation: Action ?? `${request.method} ${request.url}`, input };
}

function answer(stub: Stub, operation: string, input: Input): object | string {
  const next = stub.scripted.findIndex((script) => script.operation === operation);
  const script = next === -1 ? undefined : stub.scripted.splice(next, 1)[0]?.answer;
  if (script !== undefined && script !== "lost") {
    if ("error" in script) throw new Refusal(script.error, script.message);
    return script.body;
  }
  const body = operations[operation]?.(stub.cluster, input);
  if (body === undefined)
    throw new Refusal("UnknownOperationException", `The stub does not know ${operation}.`);
  return script ?? body;
}
