import { describe, expect, test } from "vitest";
import { useLogsStore } from "./logs-store-fixture.ts";
import { noHandler } from "./opensearch-server.ts";

const policyPath = "/_plugins/_ism/policies/nango-retention";
const fixture = useLogsStore();

/** The policy as the script is to write it. */
const wanted = {
  description: "Deletes Nango's log indices after 15 days, as user nango",
  default_state: "hot",
  states: [
    {
      name: "hot",
      actions: [],
      transitions: [{ state_name: "delete", conditions: { min_index_age: "15d" } }],
    },
    { name: "delete", actions: [{ delete: {} }], transitions: [] },
  ],
  ism_template: [{ index_patterns: ["20250724_operations.*", "20240528_messages.*"], priority: 100 }],
};

function operations(day: number): string {
  return `20250724_operations.2026-08-${String(day).padStart(2, "0")}`;
}

describe("the retention policy", () => {
  test("is created with a template for Nango's indices", async () => {
    const { exitCode, output, lastLine } = await fixture.run();
    expect(output).toContain('opensearch 2.19.0 accepts user "nango"');
    expect(fixture.server.policies.get("nango-retention")?.policy).toMatchObject(wanted);
    expect(fixture.asked()).toEqual([
      "GET /",
      "GET /_index_template/nango-none",
      `GET ${policyPath}`,
      `PUT ${policyPath}`,
      "GET /20250724_operations.*,20240528_messages.*?filter_path=*.settings.index.uuid",
      "POST /_plugins/_ism/add/20250724_operations.*,20240528_messages.*",
      "GET /_plugins/_ism/explain/20250724_operations.*,20240528_messages.*",
    ]);
    expect(lastLine).toBe("nango-logs-store: done");
    expect(exitCode).toBe(0);
  });

  test("follows the prefix, the index names and the days that Nango is given", async () => {
    await fixture.run({
      NANGO_LOGS_ES_PREFIX: "acme",
      NANGO_LOGS_ES_INDEX_OPERATIONS: "ops",
      NANGO_LOGS_ES_INDEX_MESSAGES: "msgs",
      NANGO_LOGS_ES_RETENTION_DAYS: "90",
    });
    expect(fixture.server.policies.get("acme-retention")?.policy).toMatchObject({
      states: [{ transitions: [{ conditions: { min_index_age: "90d" } }] }, {}],
      ism_template: [{ index_patterns: ["20250724_ops.*", "20240528_msgs.*"] }],
    });
  });

  test("is not written again while nothing about it changes", async () => {
    await fixture.run();
    fixture.asked();
    const { exitCode, output } = await fixture.run();
    expect(output).toContain("policy nango-retention is in place: 15 days");
    expect(fixture.asked().filter((request) => request.startsWith("PUT"))).toEqual([]);
    expect(exitCode).toBe(0);
  });

  const [hot, remove] = wanted.states;
  const longer = [{ state_name: "delete", conditions: { min_index_age: "30d" } }];
  test.each<[string, Record<string, unknown>]>([
    ["another age", { states: [{ ...hot, transitions: longer }, remove] }],
    ["another action", { states: [hot, { ...remove, actions: [{ close: {} }] }] }],
    ["one more state", { states: [hot, remove, { ...remove, name: "spare" }] }],
    ["another pattern", { ism_template: [{ index_patterns: ["20250724_operations.*"], priority: 100 }] }],
    ["another priority", { ism_template: [{ ...wanted.ism_template[0], priority: 1 }] }],
    ["another start", { default_state: "delete" }],
    ["another user", { description: "Deletes Nango's log indices after 15 days, as user someone" }],
  ])("is put right, at the version it was read, when it holds %s", async (_, difference) => {
    const seqNo = fixture.server.store("nango-retention", { ...wanted, ...difference });
    const { exitCode, output } = await fixture.run();
    expect(fixture.asked()).toContain(`PUT ${policyPath}?if_seq_no=${seqNo}&if_primary_term=1`);
    expect(output).toContain("policy nango-retention changed: 15 days");
    expect(fixture.server.policies.get("nango-retention")?.policy).toMatchObject(wanted);
    expect(exitCode).toBe(0);
  });

  test("is read again when somebody writes it between the reading and the writing", async () => {
    const other = { ...wanted, default_state: "delete" };
    fixture.server.store("nango-retention", other);
    let writes = 0;
    fixture.server.intercept = (request) => {
      if (request.startsWith("PUT") && ++writes === 1) fixture.server.store("nango-retention", other);
      return undefined;
    };
    const { exitCode } = await fixture.run();
    expect(writes).toBe(2);
    expect(fixture.server.policies.get("nango-retention")?.policy).toMatchObject(wanted);
    expect(exitCode).toBe(0);
  });

  test("is left alone when somebody creates the same in between", async () => {
    fixture.server.intercept = (request) => {
      if (request.startsWith("PUT")) fixture.server.store("nango-retention", wanted);
      return undefined;
    };
    const { exitCode, output } = await fixture.run();
    expect(output).toContain("policy nango-retention is in place");
    expect(fixture.asked().filter((request) => request.startsWith("PUT"))).toHaveLength(1);
    expect(exitCode).toBe(0);
  });

  test("that is changed by somebody else at every attempt is given up", async () => {
    fixture.server.intercept = (request) =>
      request.startsWith("PUT")
        ? { status: 409, body: { error: { reason: "version conflict" }, status: 409 } }
        : undefined;
    const { exitCode, lastLine } = await fixture.run();
    expect(lastLine).toContain("policy nango-retention is being changed by somebody else all the time");
    expect(fixture.asked().filter((request) => request.startsWith("PUT"))).toHaveLength(5);
    expect(exitCode).toBe(4);
  });

  test("says as whom it deletes", async () => {
    expect((await fixture.run()).output).toContain(
      'created: 15 days. It deletes as user "nango", with the rights of today',
    );
  });

  test("cannot be kept by an OpenSearch without index state management, which is named", async () => {
    fixture.server.intercept = (request) => (request.includes("_ism") ? noHandler(request) : undefined);
    const { exitCode, lastLine } = await fixture.run();
    expect(lastLine).toContain("has no index state management, without which logs stay for ever");
    expect(exitCode).toBe(4);
  });

  test("that OpenSearch refuses fails with OpenSearch's reason", async () => {
    await fixture.run();
    const { exitCode, lastLine } = await fixture.run({ NANGO_LOGS_ES_PREFIX: "second" });
    expect(lastLine).toMatch(
      /OpenSearch refuses policy second-retention: 400 New policy .* use a different priority than 100/,
    );
    expect(exitCode).toBe(4);
  });
});

describe("indices that are there already", () => {
  test("get the policy, and no others do", async () => {
    fixture.server.indices.set(operations(1), {});
    fixture.server.indices.set("20240528_messages.2026-08-01", {});
    fixture.server.indices.set("20250724_operations_of_somebody", {});
    fixture.server.indices.set(".opendistro_security", {});
    const { exitCode, output } = await fixture.run();
    expect(output).toContain("policy nango-retention attached to 2 indices (add)");
    expect(Object.fromEntries(fixture.server.indices)).toEqual({
      [operations(1)]: { policy: "nango-retention" },
      "20240528_messages.2026-08-01": { policy: "nango-retention" },
      "20250724_operations_of_somebody": {},
      ".opendistro_security": {},
    });
    expect(exitCode).toBe(0);
  });

  test("are moved to the newest version of the policy, if they follow an older one or none yet", async () => {
    await fixture.run({ NANGO_LOGS_ES_RETENTION_DAYS: "30" });
    const old = fixture.server.policies.get("nango-retention")?.seqNo ?? 0;
    for (let day = 1; day <= 120; day++)
      fixture.server.indices.set(operations(day), { policy: "nango-retention", seqNo: old });
    fixture.server.indices.set(operations(121), { policy: "nango-retention" });
    fixture.asked();
    const { exitCode, output } = await fixture.run();
    const changes = fixture.asked().filter((request) => request.includes("change_policy"));
    expect(changes.map((request) => request.split(",").length)).toEqual([50, 50, 21]);
    expect(Math.max(...changes.map((request) => request.length))).toBeLessThan(4096);
    expect(output.match(/attached to 50 indices \(change_policy\)/g)).toHaveLength(2);
    expect(exitCode).toBe(0);
  });

  test("that were attached a moment ago are not moved again, nor told of, while the policy stays", async () => {
    await fixture.run();
    fixture.server.indices.set(operations(1), { policy: "nango-retention" });
    fixture.asked();
    const { output } = await fixture.run();
    expect(fixture.asked().filter((request) => request.includes("change_policy"))).toEqual([]);
    expect(output).not.toMatch(/attached|warning/);
  });

  test("that the search does not find yet are looked for again", async () => {
    fixture.server.indices.set(operations(1), { unseen: 1 });
    const { output } = await fixture.run();
    expect(fixture.asked().filter((request) => request.includes("explain"))).toHaveLength(2);
    expect(output).not.toContain("warning");
  });

  test("that the user may not manage are told of, though the plugin says nothing", async () => {
    fixture.server.indices.set(operations(1), { forbidden: true });
    fixture.server.indices.set(operations(2), {});
    const { exitCode, output } = await fixture.run();
    expect(output.match(/warning: .*/g)).toEqual([
      `warning: ${operations(1)} keeps its logs for ever: user "nango" lacks indices:admin/opensearch/ism/managedindex there`,
    ]);
    expect(exitCode).toBe(0);
  });

  test("whose deletion failed are told of, with the cause and the way out", async () => {
    await fixture.run();
    const seqNo = fixture.server.policies.get("nango-retention")?.seqNo ?? 0;
    const cause = "no permissions for [indices:admin/delete] and associated roles [lim, own_index]";
    const failed = { message: `Failed to delete index [index=${operations(1)}]`, cause };
    fixture.server.indices.set(operations(1), { policy: "nango-retention", seqNo, failed });
    const { exitCode, output } = await fixture.run();
    expect(output).toContain(`warning: ${operations(1)} was not deleted: ${failed.message}: ${cause}`);
    expect(output).toContain(
      `User "nango" needs indices:admin/delete there; then POST _plugins/_ism/retry/${operations(1)}`,
    );
    expect(exitCode).toBe(0);
  });

  test("are left alone when they follow the newest version", async () => {
    await fixture.run();
    const seqNo = fixture.server.policies.get("nango-retention")?.seqNo ?? 0;
    fixture.server.indices.set(operations(1), { policy: "nango-retention", seqNo });
    fixture.asked();
    await fixture.run();
    expect(fixture.asked().filter((request) => request.includes("change_policy"))).toEqual([]);
  });

  test("stay with the policy that somebody else gave them, and are named", async () => {
    fixture.server.indices.set(operations(1), { policy: "keep-for-audit", seqNo: 3 });
    fixture.server.indices.set(operations(2), {});
    const { exitCode, output } = await fixture.run();
    expect(output).toContain(`warning: ${operations(1)} stays with policy keep-for-audit`);
    expect(fixture.server.indices.get(operations(1))?.policy).toBe("keep-for-audit");
    expect(fixture.server.indices.get(operations(2))?.policy).toBe("nango-retention");
    expect(exitCode).toBe(0);
  });

  test("that cannot be changed now are named, and do not stop the deployment", async () => {
    fixture.server.indices.set(operations(1), { closed: true });
    fixture.server.indices.set(operations(2), { policy: "nango-retention", seqNo: 1, transitioning: true });
    const { exitCode, output } = await fixture.run();
    expect(output).toContain(`warning: ${operations(1)} keeps its logs for now: This index is closed`);
    expect(output).toContain(
      `warning: ${operations(2)} keeps its logs for now: Cannot change policy while transitioning`,
    );
    expect(exitCode).toBe(0);
  });
});
