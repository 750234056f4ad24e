// The services that a program talks to: Pulumi's ResourceMonitor and Engine, in front of a deployment.

import type { Socket } from "node:net";

import type { handleUnaryCall, ServiceError } from "@grpc/grpc-js";
import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb.js";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb.js";

import { Stopped, type Deployment } from "./deployment.ts";
import type { Goal } from "./goal.ts";
import { HOOK_KINDS, type HookKind, type Message } from "./record.ts";
import { Refusal } from "./refusal.ts";
import {
  Empty,
  engineMessages,
  EngineService,
  grpc,
  providerMessages,
  resourceMessages,
  ResourceMonitorService,
  Struct,
} from "./sdk.ts";
import type { Alias } from "../project/urns.ts";
import { plain, secretPaths, withSecrets, type Properties } from "../project/values.ts";

/** What the program may ask for; it is told so if it asks for more. */
const FEATURES = new Set([
  "secrets",
  "resourceReferences",
  "outputValues",
  "deletedWith",
  "replaceWith",
  "replacementTrigger",
  "aliasSpecs",
  "resourceHooks",
  "errorHooks",
]);

const SEVERITIES: readonly (Message["severity"] | undefined)[] = [undefined, "info", "warning", "error"];

/** Properties of a message: plain, and where their secrets are. */
function read(struct: StructMessage | undefined): [values: Properties, secrets: string[]] {
  const marked = struct?.toJavaScript() ?? {};
  return [plain(marked) as Properties, secretPaths(marked)];
}

function written(values: Properties, secrets: readonly string[]): StructMessage {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(withSecrets(values, secrets))));
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined | "",
): { [K in Key]?: Value } {
  return (value === undefined || value === "" ? {} : { [key]: value }) as { [K in Key]?: Value };
}

function aliasFrom(message: AliasMessage): Alias {
  const spec = message.getSpec();
  if (!spec) return message.getUrn();
  return {
    ...optional("name", spec.getName()),
    ...optional("type", spec.getType()),
    ...optional("stack", spec.getStack()),
    ...optional("project", spec.getProject()),
    ...(spec.getNoparent() ? { parent: null } : optional("parent", spec.getParenturn())),
  };
}

function hooksFrom(binding: RegisterResourceRequest.ResourceHooksBinding | undefined) {
  const lists = binding?.toObject();
  const names = (kind: HookKind) => lists?.[`${kind}List`] ?? [];
  return Object.fromEntries(
    HOOK_KINDS.flatMap((kind) => (names(kind).length > 0 ? [[kind, names(kind)]] : [])),
  );
}

function goalFrom(request: RegisterResourceRequest): Goal {
  if (request.getRemote()) throw new Refusal(`${request.getType()} needs the plugin of another language`);
  if (request.getImportid() !== "") throw new Refusal("the import option needs AWS");
  const [inputs, secretInputs] = read(request.getObject());
  const { create = "", update = "", pb_delete: remove = "" } = request.getCustomtimeouts()?.toObject() ?? {};
  return {
    type: request.getType(),
    name: request.getName(),
    ...optional("parent", request.getParent()),
    custom: request.getCustom(),
    inputs,
    secretInputs,
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      Array.from(request.getPropertydependenciesMap().entries(), ([property, urns]) => [
        property,
        urns.getUrnsList(),
      ]),
    ),
    ...optional("provider", request.getProvider()),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deletedWith: request.getDeletedwith() === "" ? undefined : request.getDeletedwith(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    replaceWith: request.getReplaceWithList(),
    ...optional("replacementTrigger", plain(request.getReplacementTrigger()?.toJavaScript())),
    ...(request.getDeletebeforereplacedefined()
      ? { deleteBeforeReplace: request.getDeletebeforereplace() }
      : {}),
    customTimeouts: {
      ...optional("create", create),
      ...optional("update", update),
      ...optional("delete", remove),
    },
    aliases: request.getAliasesList().map(aliasFrom),
    hooks: hooksFrom(request.getHooks()),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

type Handler<Request, Response> = (request: Request) => Response | Promise<Response>;

/** A refusal inside a handler is the program's to see; when the deployment is over, the program is to go quietly. */
function handled<Request, Response>(handler: Handler<Request, Response>): handleUnaryCall<Request, Response> {
  return async (call, answer) => {
    try {
      answer(null, await handler(call.request));
    } catch (error) {
      const code = error instanceof Stopped ? grpc.status.UNAVAILABLE : grpc.status.INVALID_ARGUMENT;
      const details = error instanceof Error ? error.message : String(error);
      answer({ code, details } satisfies Partial<ServiceError>);
    }
  };
}

function unsupported(what: string) {
  return handled<unknown, never>(() => {
    throw new Refusal(`a rehearsal does not do ${what}`);
  });
}

const nothing = handled<unknown, InstanceType<typeof Empty>>(() => new Empty());

function monitorOf(deployment: Deployment) {
  return {
    getDeploymentInfo: unsupported("getDeploymentInfo"),
    supportsFeature: handled((request: InstanceType<typeof resourceMessages.SupportsFeatureRequest>) => {
      const response = new resourceMessages.SupportsFeatureResponse();
      response.setHassupport(FEATURES.has(request.getId()));
      return response;
    }),
    invoke: handled(async (request: InstanceType<typeof resourceMessages.ResourceInvokeRequest>) => {
      const [inputs] = read(request.getArgs());
      const result = await deployment.invoke(request.getTok(), inputs, request.getProvider());
      const response = new providerMessages.InvokeResponse();
      response.setReturn(written(result, []));
      return response;
    }),
    call: unsupported("methods of resources"),
    readResource: unsupported("Resource.get: use a function such as getVpc"),
    registerResource: handled(async (request: RegisterResourceRequest) => {
      const { urn, id, custom, outputs, secretOutputs } = await deployment.register(goalFrom(request));
      const response = new resourceMessages.RegisterResourceResponse();
      response.setUrn(urn);
      response.setId(id ?? "");
      response.setObject(custom ? written(outputs, secretOutputs) : new Struct());
      // To the SDK, an output that the answer of a skipped resource lacks is unknown instead of undefined. So an output
      // that the catalogue does not know cannot pass for one that is empty.
      response.setResult(resourceMessages.Result.SKIP);
      return response;
    }),
    registerResourceOutputs: handled(
      async (request: InstanceType<typeof resourceMessages.RegisterResourceOutputsRequest>) => {
        const [outputs, secrets] = read(request.getOutputs());
        await deployment.registerOutputs(request.getUrn(), outputs, secrets);
        return new Empty();
      },
    ),
    registerStackTransform: unsupported("transforms"),
    registerStackInvokeTransform: unsupported("transforms"),
    registerResourceHook: handled(
      (request: InstanceType<typeof resourceMessages.RegisterResourceHookRequest>) => {
        const callback = request.getCallback();
        deployment.hooks.register(
          {
            name: request.getName(),
            onDryRun: request.getOnDryRun(),
            ignoreErrors: request.getIgnoreErrors(),
          },
          { target: callback?.getTarget() ?? "", token: callback?.getToken() ?? "" },
        );
        return new Empty();
      },
    ),
    // They run when a provider fails, and here no provider fails.
    registerErrorHook: nothing,
    registerPackage: unsupported("parameterized packages"),
    signalAndWaitForShutdown: handled(async () => {
      await deployment.finish();
      return new Empty();
    }),
  };
}

function engineOf(deployment: Deployment) {
  return {
    log: handled((request: InstanceType<typeof engineMessages.LogRequest>) => {
      const severity = SEVERITIES[request.getSeverity()];
      if (!severity) deployment.debugMessages.push(request.getMessage());
      else
        deployment.messages.push({
          severity,
          text: request.getMessage(),
          ...optional("urn", request.getUrn()),
        });
      return new Empty();
    }),
    getRootResource: handled(() => {
      const response = new engineMessages.GetRootResourceResponse();
      response.setUrn(deployment.root?.urn ?? "");
      return response;
    }),
    setRootResource: handled(() => new engineMessages.SetRootResourceResponse()),
    startDebugging: nothing,
    requirePulumiVersion: handled(() => new engineMessages.RequirePulumiVersionResponse()),
  };
}

/** The services of a deployment, whose methods are called as gRPC's server calls them. */
export const servicesOf = (deployment: Deployment) => ({
  monitor: monitorOf(deployment),
  engine: engineOf(deployment),
});

/** Answers for a deployment what comes over a socket. */
export function answering(deployment: Deployment): { socket: (socket: Socket) => void; close: () => void } {
  const server = new grpc.Server();
  const { monitor, engine } = servicesOf(deployment);
  server.addService(ResourceMonitorService, monitor);
  server.addService(EngineService, engine);
  return { socket: (socket) => server.answer(socket), close: () => server.forceShutdown() };
}
