import type { StackState } from "../../../scripts/pulumi/state.ts";
import { deployed, type Topology } from "../../aws/topologies.ts";

/** The state that a deployment of a topology leaves. */
export async function deployedAs(topology: Topology): Promise<StackState> {
  const { resources } = await deployed(topology);
  return {
    resources: resources.map(({ urn, type, inputs, outputs, custom, protect }) => ({
      urn,
      type,
      inputs,
      outputs: type === "pulumi:index:Stash" ? { output: inputs["input"] } : outputs,
      custom,
      protect,
    })),
    pendingOperations: [],
  };
}
