import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { nameOf } from "../../project/urns.ts";
import { UserError } from "../../project/user-error.ts";
import type { StackState } from "../pulumi/state.ts";
import { type Line, oneOffContainers, type Wish } from "./line.ts";

/** A container of Nango's on a Docker engine. */
export interface NangoContainer {
  /** As in `server`. */
  readonly service: string;
  /** As the engine calls it. */
  readonly name: string;
}

/** Nango's own containers, not those of databases. */
export function nangoContainers({ resources }: StackState): NangoContainer[] {
  return resources
    .filter(({ urn }) => urn.includes("nango:docker:NangoContainers$docker:index/container:Container::"))
    .map(({ urn, inputs }) => ({
      service: nameOf(urn).replace(/^nango-/, ""),
      name: String(inputs?.["name"]),
    }));
}

/**
 * Shows what containers printed, in the order of the times; while it follows, as it comes.
 * @throws UserError when the engine does not tell of one, once the others are shown.
 */
export async function showContainers(
  host: string,
  containers: readonly NangoContainer[],
  wish: Wish,
  show: (line: Line) => void,
): Promise<void> {
  const lines: Line[] = [];
  const take = wish.follow ? show : (line: Line) => void lines.push(line);
  const wanted = containers.filter(({ service }) => !wish.migration || oneOffContainers.includes(service));
  const complaints = await Promise.all(wanted.map((container) => read(host, container, wish, take)));
  for (const line of lines.toSorted((one, other) => one.time - other.time)) show(line);
  const wrong = complaints.filter((complaint) => complaint !== "");
  if (wrong.length > 0) throw new UserError(wrong.join("\n"));
}

/** By line feeds alone: a line that was printed can hold other ends of lines. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** Reads one; answers what the command itself complains of. */
async function read(
  host: string,
  { service, name }: NangoContainer,
  { since, text = "", follow }: Wish,
  take: (line: Line) => void,
): Promise<string> {
  const options = ["--timestamps", "--since", new Date(since).toISOString(), ...(follow ? ["--follow"] : [])];
  const child = spawn("docker", ["--host", host, "logs", ...options, name], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const complaints: string[] = [];
  const listen = async (stream: Readable) => {
    for await (const line of linesOf(stream)) {
      const [, time, message = ""] = /^(\d{4}-\S+Z) (.*)$/s.exec(line) ?? [];
      if (time === undefined) complaints.push(line);
      else if (message.includes(text))
        take({ time: Date.parse(time), source: service, message: message.trimEnd() });
    }
  };
  const [[code]] = await Promise.all([once(child, "close"), listen(child.stdout), listen(child.stderr)]);
  return code === 0 ? "" : complaints.join("\n");
}
