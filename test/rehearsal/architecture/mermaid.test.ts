import { expect, test } from "vitest";

import { architectureOf } from "../../../rehearsal/architecture/rehearsed.ts";
import { mermaid } from "../../../rehearsal/architecture/mermaid.ts";
import { deployed } from "../../aws/topologies.ts";

test("a flowchart has each place, part and talk, by names that are its own", async () => {
  const architecture = architectureOf(await deployed("production"));
  const lines = mermaid(architecture);
  expect(lines[0]).toBe("flowchart TB");
  expect(lines.filter((line) => /^ *subgraph n\d+ \["/.test(line))).toHaveLength(architecture.places.length);
  expect(lines.filter((line) => line.trim() === "end")).toHaveLength(architecture.places.length);
  const nodes = lines.filter((line) => /^ *n\d+[[(]/.test(line));
  expect(nodes).toHaveLength(architecture.parts.length);
  const declared = nodes.map((line) => /n\d+/.exec(line)?.[0]);
  const talks = lines.flatMap((line) =>
    (/^ *(n\d+) -.*> *(?:\|"[^"|]*"\| )?(n\d+)$/.exec(line) ?? []).slice(1),
  );
  expect(talks).toHaveLength(2 * architecture.talks.length);
  for (const end of talks) expect(declared).toContain(end);
});

test("what means something to Mermaid or HTML is written by its number", () => {
  const hostile = `"]; end & <script>|\`{}%%#`;
  const part = { id: hostile, role: "data", title: hostile, about: [hostile], zones: [hostile] } as const;
  const [, line] = mermaid({ places: [], parts: [part], talks: [] });
  expect(line).toMatch(/^ {2}n0\[\("(?:[\w ,.:/-]|#\d+;|<br>)*"\)\]$/);
  expect(line).toContain("#34;#93;#59; end #38; #60;script#62;");
});
