// The engine's side of a rehearsal in the process of its program: what the SDK calls are the services themselves, without
// gRPC, its sockets and its bytes between them.

import { createRequire } from "node:module";
import type { ServiceError } from "@grpc/grpc-js";
import type * as engine from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type * as resource from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { Deployment } from "../rehearsal/deployment.ts";
import { servicesOf } from "../rehearsal/monitor.ts";
import { grpc } from "../rehearsal/sdk.ts";

type Method = (call: { request: unknown }, answer: (error: unknown, response?: unknown) => void) => void;
type Callback = (error: Error | null, response?: unknown) => void;
type Call = (request: unknown, ...rest: unknown[]) => unknown;
type Services = ReturnType<typeof servicesOf>;

const load = createRequire(import.meta.url);
const { ResourceMonitorClient } = load("@pulumi/pulumi/proto/resource_grpc_pb.js") as typeof resource;
const { EngineClient } = load("@pulumi/pulumi/proto/engine_grpc_pb.js") as typeof engine;

let services: Services | undefined;

/** From now on, the SDK speaks with a deployment in this process, or, without one, with the address that it was told. */
export function speakWith(deployment: Deployment | undefined): void {
  services = deployment && servicesOf(deployment);
}

/** As gRPC's clients tell an error. */
function serviceError({ code = grpc.status.UNKNOWN, details = "" }: Partial<ServiceError>) {
  const message = `${code} ${grpc.status[code]}: ${details}`;
  return Object.assign(new Error(message), { code, details });
}

/** Lets the methods of a client call those of the service, as long as there is one. */
function redirect(client: { prototype: object }, service: keyof Services): void {
  const methods = client.prototype as Record<string, Call>;
  for (const [name, overTheNetwork] of Object.entries(methods)) {
    methods[name] = function (request, ...rest) {
      const method = services && (services[service] as unknown as Record<string, Method>)[name];
      if (!method) return overTheNetwork.call(this, request, ...rest);
      const callback = rest.at(-1) as Callback;
      // Not at once: a program goes on with what comes next while the engine thinks.
      return setImmediate(() =>
        method({ request }, (error, response) =>
          error ? callback(serviceError(error)) : callback(null, response),
        ),
      );
    };
  }
}

redirect(ResourceMonitorClient, "monitor");
redirect(EngineClient, "engine");
