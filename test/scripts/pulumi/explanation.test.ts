import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { explanations, type FailedRun, readEvents } from "../../../scripts/pulumi/explanation.ts";
import { resource, state } from "./state.ts";

function explained(more: Partial<FailedRun>): string {
  const run: FailedRun = {
    stack: "dev",
    command: "up",
    target: "aws",
    place: { region: "eu-central-1" },
    wasInterrupted: false,
    events: [],
    state: state([]),
    ...more,
  };
  return explanations(run).join("\n\n");
}

const failure = (message: string) => ({ diagnosticEvent: { severity: "error", message } });

const deletion = failure(
  "resource \"urn\" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n`pulumi state unprotect 'urn'`",
);
const replacement = failure(
  'unable to replace resource "urn"\nas it is currently marked for protection. To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`',
);

test.each([
  ["up", deletion, "npm run up -- dev"],
  ["preview", replacement, "npm run up -- dev"],
  ["destroy", deletion, "npm run destroy -- dev"],
])("%s that met protection is told this project's way", (command, event, last) => {
  const text = explained({ command, events: [event] });
  expect(text).toContain("lifted by nango:allowDataLoss in this project");
  expect(text).toContain("RDS has a protection of its own");
  expect(text).toContain(`  3. ${last}\n`);
});

test("on Docker protection is not explained in AWS's words", () => {
  const text = explained({ target: "docker", events: [deletion] });
  expect(text).toContain("nango:allowDataLoss");
  expect(text).not.toContain("RDS");
});

const dead =
  'before hook "nango-migrate" failed: rpc error: code = Unavailable desc = error reading from server: EOF';

test.each([
  ["by Ctrl-C", { wasInterrupted: true }, /goes on in AWS, as a task of its own/],
  ["in a hook", { events: [failure(dead)] }, /goes on in AWS/],
  ["on Docker", { wasInterrupted: true, target: "docker" }, /goes on in its container/],
] as const)("an interruption %s says what becomes of the migration", (_, run, where) => {
  const text = explained(run);
  expect(text).toMatch(where);
  expect(text).toContain('the next "npm run up -- dev" finds it and waits for it');
});

test("what Pulumi does not know the end of is listed with the way to tell it", () => {
  const balancer = resource("aws:lb/loadBalancer:LoadBalancer", "nango");
  const creating = explained({
    state: state([], { pendingOperations: [{ type: "creating", resource: balancer }] }),
  });
  expect(creating).toContain(
    '("pending operation", docs/troubleshoot.md):\n  creating lb.LoadBalancer nango\n',
  );
  expect(creating).toContain(
    "npx pulumi refresh -s dev. Of what was being created it asks whether it is there",
  );
  const updating = explained({
    state: state([], { pendingOperations: [{ type: "updating", resource: balancer }] }),
  });
  expect(updating).toMatch(/npx pulumi refresh -s dev\.$/);
});

test("nothing is added to a failure that needs no explanation", () => {
  expect(
    explained({
      events: [failure("CreateCluster: AccessDenied: not authorized"), { cancelEvent: {} } as object],
    }),
  ).toBe("");
  expect(
    explained({ events: [failure('before hook "nango-migrate" failed: The database migration failed')] }),
  ).toBe("");
  expect(explained({ events: [], state: undefined })).toBe("");
});

test("a log that breaks off is read as far as it goes, and a missing one is empty", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "events-"));
  const file = path.join(folder, "events.json");
  expect(readEvents(file)).toEqual([]);
  writeFileSync(
    file,
    '{"diagnosticEvent":{"message":"a","severity":"error"}}\n{"diagnosticEvent":{"message":"{}',
  );
  expect(readEvents(file)).toEqual([failure("a")].map(({ diagnosticEvent }) => ({ diagnosticEvent })));
  rmSync(folder, { recursive: true });
});
