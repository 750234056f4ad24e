// The parts of Pulumi's own SDK that a rehearsal borrows: protobuf messages and what calls consist of. To load them takes its
// time.

import { createRequire } from "node:module";

type Grpc = typeof import("@grpc/grpc-js");

/** What there is of gRPC. */
interface StandIn extends Pick<Grpc, "status" | "credentials" | "makeGenericClientConstructor"> {
  readonly Server: new () => Pick<InstanceType<Grpc["Server"]>, "addService" | "forceShutdown"> & {
    answer(socket: import("node:net").Socket): void;
  };
}

const { grpc, withoutGrpc } = createRequire(import.meta.url)("./grpc.cjs") as {
  grpc: StandIn;
  withoutGrpc: <T>(work: (load: NodeJS.Require) => T) => T;
};
export { grpc };

/** Resolves as `@pulumi/pulumi` does, so that its messages come from one copy of each package. */
const load = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));

/** The services of a module of the SDK, whose clients are left for the SDK to load. */
function services<Module>(name: string): Module {
  const file = load.resolve(name);
  const known = file in load.cache;
  const found = withoutGrpc(() => load(file) as Module);
  if (!known) Reflect.deleteProperty(load.cache, file);
  return found;
}

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
export const { ResourceMonitorService } = services<typeof import("@pulumi/pulumi/proto/resource_grpc_pb.js")>(
  "./proto/resource_grpc_pb.js",
);
export const { EngineService } =
  services<typeof import("@pulumi/pulumi/proto/engine_grpc_pb.js")>("./proto/engine_grpc_pb.js");

/** Loaded by the few rehearsals that run hooks. */
export function loadCallbacks() {
  const { CallbacksService } = services<typeof import("@pulumi/pulumi/proto/callback_grpc_pb.js")>(
    "./proto/callback_grpc_pb.js",
  );
  return {
    ...(load("./proto/callback_pb.js") as typeof import("@pulumi/pulumi/proto/callback_pb.js")),
    CallbacksClient: grpc.makeGenericClientConstructor(
      CallbacksService,
      "Callbacks",
    ) as unknown as typeof import("@pulumi/pulumi/proto/callback_grpc_pb.js").CallbacksClient,
  };
}
