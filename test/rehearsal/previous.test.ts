import { setTimeout as delay } from "node:timers/promises";
import { expect, test, vi } from "vitest";

import { runProgram } from "../../rehearsal/program.ts";
import type { Rehearsal, RehearseOptions } from "../../rehearsal/rehearse.ts";
import { rehearseAlone } from "../rehearse.ts";
import { scenario, scenariosDirectory } from "./scenarios.ts";

const set = { scenario: "evolving", instanceClass: "db.t4g.small" };
const options: RehearseOptions = { stack: "dev", projectDirectory: scenariosDirectory, mode: "update", set };

/** Rehearses what follows a deployment that comes to its end, or fails, once the program has started. */
function followed(deployment: () => Promise<Rehearsal>, seen = (_signal: AbortSignal) => {}) {
  let start = () => {};
  const previous = new Promise<void>((resolve) => (start = resolve)).then(deployment);
  return rehearseAlone({
    ...options,
    previous,
    run: (program) => {
      start();
      seen(program.signal);
      return runProgram(program);
    },
  });
}

test("a program starts while the deployment goes on that it follows, and hears what that left", async () => {
  const { changes } = await followed(() => scenario("evolving", { mode: "update" }));
  expect(changes.map(({ kind, name, keys }) => [kind, name, ...keys].join(" "))).toEqual([
    "update data-database instanceClass",
  ]);
});

test("while that goes on, a program's stack is registered, and nothing in it", async () => {
  const deployed = await scenario("evolving", { mode: "update" });
  let registered: readonly string[] = [];
  let end = (_previous: Rehearsal) => {};
  const { changes, resources } = await rehearseAlone({
    ...options,
    previous: new Promise<Rehearsal>((resolve) => (end = resolve)),
    run: async (program, deployment) => {
      const running = runProgram(program);
      await vi.waitFor(() => expect(deployment.root).toBeDefined(), { timeout: 30_000 });
      // Long enough for all that it has.
      await delay(1000);
      registered = deployment.resources.map(({ type }) => type);
      end(deployed);
      return running;
    },
  });
  expect(registered).toEqual(["pulumi:pulumi:Stack"]);
  expect(changes.map(({ kind, name }) => [kind, name])).toEqual([["update", "data-database"]]);
  expect(resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.change?.kind).toBe("same");
});

test("a program is ended with the deployment that it was to follow", async () => {
  const signals: AbortSignal[] = [];
  const failing = followed(
    () => Promise.reject(new Error("it failed")),
    (signal) => signals.push(signal),
  );
  await expect(failing).rejects.toThrow("it failed");
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  const previous = Promise.reject(new Error("it had failed"));
  await expect(rehearseAlone({ ...options, previous })).rejects.toThrow("it had failed");
});
