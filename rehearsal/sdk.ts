// The parts of Pulumi's own SDK that a rehearsal borrows: protobuf messages and gRPC. To load them takes its time.

import { createRequire } from "node:module";

/** Resolves as `@pulumi/pulumi` does, so that its gRPC and its messages come from one copy of each package. */
const load = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));

export const grpc = load("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
export const { Empty } = load(
  "google-protobuf/google/protobuf/empty_pb.js",
) as typeof import("google-protobuf/google/protobuf/empty_pb.js");
export const { Struct } = load(
  "google-protobuf/google/protobuf/struct_pb.js",
) as typeof import("google-protobuf/google/protobuf/struct_pb.js");
export const resourceMessages = load(
  "./proto/resource_pb.js",
) as typeof import("@pulumi/pulumi/proto/resource_pb.js");
export const engineMessages = load(
  "./proto/engine_pb.js",
) as typeof import("@pulumi/pulumi/proto/engine_pb.js");
export const providerMessages = load(
  "./proto/provider_pb.js",
) as typeof import("@pulumi/pulumi/proto/provider_pb.js");
export const { ResourceMonitorService } = load(
  "./proto/resource_grpc_pb.js",
) as typeof import("@pulumi/pulumi/proto/resource_grpc_pb.js");
export const { EngineService } = load(
  "./proto/engine_grpc_pb.js",
) as typeof import("@pulumi/pulumi/proto/engine_grpc_pb.js");

/** Loaded by the few rehearsals that run hooks. */
export function loadCallbacks() {
  return {
    ...(load("./proto/callback_pb.js") as typeof import("@pulumi/pulumi/proto/callback_pb.js")),
    ...(load("./proto/callback_grpc_pb.js") as typeof import("@pulumi/pulumi/proto/callback_grpc_pb.js")),
  };
}
