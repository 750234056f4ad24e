// A call of the engine into the program.

import type { RecordedResource } from "./record.ts";
import { grpc, loadCallbacks, resourceMessages, Struct } from "./sdk.ts";
import { withSecrets, type Properties } from "../project/values.ts";

/** Where a hook is: the address of the program's callback server, and the hook's token there. */
export interface Callback {
  readonly target: string;
  readonly token: string;
}

/** The states of a resource around a hook. */
export interface Moment {
  readonly before?: RecordedResource | undefined;
  readonly after?: RecordedResource | undefined;
  /** Whether `after` has its outputs already. */
  readonly outputs?: boolean;
}

function struct(properties: Properties, secrets: readonly string[]) {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(withSecrets(properties, secrets))));
}

function requestFor({ before, after, outputs }: Moment): Uint8Array {
  const request = new resourceMessages.ResourceHookRequest();
  const subject = after ?? before;
  request.setUrn(subject?.urn ?? "");
  request.setType(subject?.type ?? "");
  request.setName(subject?.name ?? "");
  request.setId(subject?.id ?? "");
  if (before) {
    request.setOldInputs(struct(before.inputs, before.secretInputs));
    request.setOldOutputs(struct(before.outputs, before.secretOutputs));
  }
  if (after) request.setNewInputs(struct(after.inputs, after.secretInputs));
  if (after && outputs) request.setNewOutputs(struct(after.outputs, after.secretOutputs));
  return request.serializeBinary();
}

/** Calls one hook and waits for it; answers its error message, undefined when it succeeded. */
export async function call({ target, token }: Callback, moment: Moment): Promise<string | undefined> {
  const { CallbacksClient, CallbackInvokeRequest } = loadCallbacks();
  const invocation = new CallbackInvokeRequest();
  invocation.setToken(token);
  invocation.setRequest(requestFor(moment));
  const client = new CallbacksClient(target, grpc.credentials.createInsecure());
  try {
    const response = await new Promise<Uint8Array>((resolve, reject) => {
      client.invoke(invocation, (error, answer) =>
        error ? reject(error) : resolve(answer.getResponse_asU8()),
      );
    });
    const error = resourceMessages.ResourceHookResponse.deserializeBinary(response).getError();
    return error === "" ? undefined : error;
  } finally {
    client.close();
  }
}
