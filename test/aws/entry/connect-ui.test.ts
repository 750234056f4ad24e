import { expect, test } from "vitest";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { ofType } from "../find.ts";
import { deployed } from "../topologies.ts";

interface Rule {
  readonly priority: number;
  readonly conditions: {
    hostHeader?: { values: string[] };
    queryStrings?: { key: string; value: string }[];
  }[];
  readonly actions: { type: string; targetGroupArn?: string; redirect?: Record<string, string> }[];
}

/** What the load balancer does with a URL of Connect UI: the target group it forwards to, or where it redirects. */
function follow(rehearsal: Rehearsal, address: string): string {
  const url = new URL(address);
  const matches = (condition: Rule["conditions"][number]) =>
    (condition.hostHeader?.values.includes(url.hostname) ?? true) &&
    (condition.queryStrings?.some(({ key }) => url.searchParams.has(key)) ?? true);
  const rules = ofType(rehearsal, "listenerRule:ListenerRule").map(({ inputs }) => inputs as unknown as Rule);
  const rule = rules
    .toSorted((a, b) => a.priority - b.priority)
    .find(({ conditions }) => conditions.every(matches));
  const [action] = rule?.actions ?? [];
  if (action?.redirect === undefined) {
    const group = ofType(rehearsal, "targetGroup:TargetGroup").find(
      ({ outputs }) => outputs["arn"] === action?.targetGroupArn,
    );
    return group?.name ?? "default";
  }
  const { host = "#{host}", path = "/#{path}", query = "#{query}" } = action.redirect;
  const filled = query.replace("#{query}", url.search.slice(1));
  return `${url.protocol}//${host.replace("#{host}", url.host)}${path.replace("/#{path}", url.pathname)}?${filled}`;
}

test.each([
  ["dev", "https://connect.nango-dev.example.com", "https://nango-dev.example.com"],
  ["production", "https://connect.example.com", "https://nango.example.com"],
] as const)(
  "a connect link of %s is told which API to talk to, once",
  async (topology, connectUrl, apiUrl) => {
    const rehearsal = await deployed(topology);
    const redirected = follow(rehearsal, `${connectUrl}/?session_token=abc`);
    expect(redirected).toBe(`${connectUrl}/?session_token=abc&apiURL=${apiUrl}`);
    expect(follow(rehearsal, redirected)).toBe("nango-connect-ui");
    expect(follow(rehearsal, `${connectUrl}/assets/index.js`)).toBe("nango-connect-ui");
    expect(follow(rehearsal, `${apiUrl}/?session_token=abc`)).toBe("default");
  },
);

// Browsers have crypto.randomUUID, which Connect UI calls, in secure contexts only.
test("without HTTPS there is no Connect UI, and its links say why", async () => {
  const rehearsal = await deployed("plain HTTP");
  expect(rehearsal.outputs["url"]).toMatch(/^http:/);
  expect(Object.keys(rehearsal.outputs)).not.toContain("connectUrl");
  expect(ofType(rehearsal, "listenerRule:ListenerRule")).toEqual([]);
  const mentions = rehearsal.resources.filter(({ inputs }) =>
    /connect-ui\b(?!-needs)|3009/.test(JSON.stringify(inputs)),
  );
  // The variable that says where Nango would look for it.
  expect(mentions.map(({ name }) => name).toSorted()).toEqual(["nango", "nango-migrate"]);
});

test("a redirect fits into the 128 characters that a load balancer allows, and names more than the query", async () => {
  for (const topology of ["dev", "production"] as const) {
    for (const { inputs } of ofType(await deployed(topology), "listenerRule:ListenerRule")) {
      for (const { redirect } of (inputs as unknown as Rule).actions) {
        expect(redirect?.["query"]?.length ?? 0).toBeLessThanOrEqual(128);
        if (redirect !== undefined) expect(redirect["path"]).toBe("/");
      }
    }
  }
});

test("no rule forbids other sites to show Connect UI in a frame", async () => {
  for (const { inputs } of ofType(await deployed("dev"), "lb/listener:Listener")) {
    expect(Object.keys(inputs).filter((key) => key.startsWith("routingHttpResponse"))).toEqual([]);
  }
});
