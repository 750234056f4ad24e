// Where the time of a rehearsal goes, from profiles of its processes.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  /** In microseconds. */
  readonly timeDeltas: readonly number[];
}

/** What a sample belongs to. */
function partOf({ functionName, url }: Profile["nodes"][number]["callFrame"]): string {
  if (functionName === "(idle)") return "waiting";
  if (functionName === "(garbage collector)") return "collecting garbage";
  if (/^(wrapSafe|compile(Function|ForInternalLoader|SourceTextModule)|Script$)/.test(functionName))
    return "compiling JavaScript";
  const [, module] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (module === ".cache") return "the program, or the rehearsal";
  if (module !== undefined) return module;
  return /internal\/modules|node:fs|node:path/.test(url) ? "finding and reading modules" : "node";
}

/** The milliseconds of each part, most first, of the profile in a folder. */
export function partsOf(folder: string): [part: string, milliseconds: number][] {
  const parts = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".cpuprofile"))) {
    const { nodes, samples, timeDeltas } = JSON.parse(
      readFileSync(path.join(folder, file), "utf8"),
    ) as Profile;
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
    samples.forEach((id, index) => {
      const frame = frames.get(id);
      if (!frame) return;
      const part = partOf(frame);
      parts.set(part, (parts.get(part) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
    });
  }
  return [...parts].toSorted(([, a], [, b]) => b - a);
}
