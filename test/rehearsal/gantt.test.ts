import { expect, test } from "vitest";
import type { Schedule, Span } from "../../rehearsal/duration.ts";
import { ganttMermaid, ganttText } from "../../rehearsal/gantt.ts";
import { styleOf } from "../../rehearsal/style.ts";

function span(name: string, start: number, end: number, decides: boolean): Span {
  const type = "aws:rds/instance:Instance";
  return { urn: name, type, name, kind: "update", start, end, decides };
}

const schedule: Schedule = {
  spans: [span("a", 0, 5, false), span("longer", 0, 8, true), span("b", 8, 10, true)],
  minutes: 10,
};

test("bars begin where the one before ends, and what decides is told from what is done meanwhile", () => {
  const lines = ganttText(schedule, styleOf({ color: false, width: 110 }));
  expect(lines).toEqual([
    `update rds.Instance a        0 to 5  ${"░".repeat(24)}`,
    `update rds.Instance longer   0 to 8  ${"█".repeat(38)}`,
    `update rds.Instance b       8 to 10  ${" ".repeat(38)}${"█".repeat(10)}`,
    "█ decides how long it takes, ░ is done meanwhile",
  ]);
});

test("a narrow screen has the times alone, and a single span is said elsewhere", () => {
  const narrow = ganttText(schedule, styleOf({ color: false, width: 40 }));
  expect(narrow.at(-1)).toBe("update rds.Instance b       8 to 10");
  const [one] = schedule.spans;
  expect(ganttText({ spans: [one!], minutes: 5 }, styleOf({ color: false, width: 110 }))).toEqual([]);
});

test("a chart of Mermaid has times of day from midnight, and no name ends a line or begins a comment", () => {
  const long = [span("x: y#z;\n", 0, 75, true), span("last", 75, 80, true)];
  expect(ganttMermaid({ spans: long, minutes: 80 })).toEqual([
    "gantt",
    "  dateFormat HH:mm",
    "  axisFormat %H:%M",
    "  update rds.Instance x  y z   :crit, 00:00, 75m",
    "  update rds.Instance last :crit, 01:15, 5m",
  ]);
  expect(ganttMermaid({ spans: [], minutes: 0 })).toEqual([]);
});
