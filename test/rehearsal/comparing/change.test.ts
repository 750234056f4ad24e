import { expect, test } from "vitest";

import { rehearseChange } from "../../../rehearsal/comparing/change.ts";
import type { rehearse } from "../../../rehearsal/rehearse.ts";
import { rehearsal, resource } from "../recorded.ts";

const odd = resource("aws:sqs/queue:Queue", "odd");
const findings = [{ urn: odd.urn, message: "the rehearsal knows no such type" }];

const changed = (program: { exitCode: number; message?: string }) => {
  const run: typeof rehearse = async ({ mode }) =>
    rehearsal([odd], { findings, ...(mode === "update" ? { mode, program } : {}) });
  return rehearseChange({ run, options: { stack: "dev" } }, { "nango:size": "medium" });
};

test("a stack whose deployment was stopped is compared with nothing, and it is said what stopped it", async () => {
  await expect(changed({ exitCode: 1 })).rejects.toThrow(
    "before the change: a deployment would be refused: odd (sqs.Queue): the rehearsal knows no such type",
  );
  await expect(changed({ exitCode: 1, message: "is wrong" })).rejects.toThrow("before the change: is wrong");
});

test("what is refused and came to its end is compared", async () => {
  const { comparison } = await changed({ exitCode: 0 });
  expect(comparison?.before.rehearsal.findings).toEqual(findings);
});
