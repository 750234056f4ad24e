// The architecture of a stack on a Docker engine: its containers, and the ports that they publish.

import type { RecordedResource } from "../record.ts";
import { isRecord } from "../../project/values.ts";
import { talksByAddress } from "./addresses.ts";
import type { Architecture, Part, Talk } from "./architecture.ts";
import { Graph, idOf, input } from "./graph.ts";

const browser = "browser";

/** A container that is there while the stack is; others run to their end. */
const stays = ({ inputs }: RecordedResource) => inputs["mustRun"] !== false;

function list(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The environment, which Docker takes as lines `NAME=value`. */
function variables({ inputs }: RecordedResource): Record<string, string> {
  const lines = Array.isArray(inputs["envs"]) ? inputs["envs"].map(String) : [];
  return Object.fromEntries(lines.map((line) => [line.replace(/=.*$/s, ""), line.replace(/^[^=]*=/, "")]));
}

function partOf(container: RecordedResource, graph: Graph, network: string): Part {
  const [image] = graph.behind(container, "image", "docker:index/remoteImage:RemoteImage");
  const repository = (image === undefined ? "" : input(image, "name")).replace(/@.*$/, "");
  const keeps = list(container.inputs["volumes"]).some((volume) => volume["readOnly"] !== true);
  return {
    id: idOf(container),
    role: list(container.inputs["ports"]).length > 0 ? "tasks" : keeps ? "data" : "service",
    title: container.name,
    about: [
      repository.replace(/:hosted-([0-9a-f]{7})[0-9a-f]*$/, ":hosted-$1…"),
      `${input(container, "memory")} MiB at most`,
    ],
    zones: [],
    within: network,
  };
}

export function dockerArchitecture(resources: readonly RecordedResource[]): Architecture {
  const graph = new Graph(resources);
  const containers = graph.all("docker:index/container:Container").filter(stays);
  const network = "network";
  const published = containers.flatMap((container) =>
    list(container.inputs["ports"]).map(({ external, ip }): Talk => ({
      from: browser,
      to: idOf(container),
      ports: [String(external)],
      by: [`published on ${String(ip)}`],
    })),
  );
  const sources = containers.map((container) => ({
    id: idOf(container),
    variables: variables(container),
    // Names of those that are secret are not recorded apart: all are treated as if they were.
    secret: new Set(Object.keys(variables(container))),
  }));
  const targets = containers.map((resource) => ({ id: idOf(resource), resource }));
  const byAddress = talksByAddress(sources, targets, new Set(["localhost", "127.0.0.1", "0.0.0.0"]));
  const engine = graph.all("docker:index/network:Network").map(({ name }) => name);
  return {
    places:
      containers.length === 0
        ? []
        : [{ id: network, title: `Docker network ${engine.join(", ")}`, about: [] }],
    parts: [
      {
        id: browser,
        role: "outside",
        title: "This machine",
        about: ["your browser, your programs"],
        zones: [],
      },
      ...containers.map((container) => partOf(container, graph, network)),
      ...byAddress.parts,
    ],
    talks: [...published, ...byAddress.talks.filter(({ from, to }) => from !== to)],
  };
}
