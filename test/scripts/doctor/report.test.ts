import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { awsChecks } from "../../../scripts/doctor/aws/index.ts";
import type { Result } from "../../../scripts/checks/check.ts";
import { guideTo, isHealthy, table } from "../../../scripts/checks/report.ts";
import { json, telling } from "../../../scripts/doctor/telling.ts";
import { siteChecks } from "../../../scripts/doctor/site/index.ts";

const results: readonly Result[] = [
  { id: "health", title: "Health", verdict: "good", says: "the server listens" },
  {
    id: "tls-versions",
    title: "TLS versions",
    verdict: "bad",
    says: "still speaks TLSv1.1",
    remedy: "another policy",
    about: "a.example.com",
  },
  { id: "release", title: "Release", verdict: "warning", says: "old", remedy: "npm run upgrade -- dev" },
  { id: "idle-websocket", title: "Idle websocket", verdict: "skipped", says: "it takes 90 s: --slow" },
];

test("a table says what was seen, what to do, and where that is explained", () => {
  expect(table(telling, "Nango", results, { color: false, columns: 100 })).toBe(
    `Nango

✔ Health          the server listens
✘ TLS versions    a.example.com: still speaks TLSv1.1
                  → another policy
                    docs/doctor.md#tls-versions
⚠ Release         old
                  → npm run upgrade -- dev
                    docs/doctor.md#release
– Idle websocket  it takes 90 s: --slow

1 in order, 1 to look at, 1 broken, 1 not looked at.
`,
  );
});

test("on a terminal only the marks are coloured", () => {
  const text = table(telling, "Nango", results, { color: true, columns: 100 });
  expect(text).toContain("\u001B[32m✔\u001B[39m Health          the server listens");
  // oxlint-disable-next-line no-control-regex
  expect(text.replaceAll(/\u001B\[\d+m/g, "")).toBe(
    table(telling, "Nango", results, { color: false, columns: 100 }),
  );
});

test("what a host answers commands no terminal", () => {
  const says = "/health answers 200 \u001B[2J\u001B]0;mine\u0007\u009B31m";
  const text = table(telling, "Nango", [{ ...results[0]!, says, about: "\u001B[1m", remedy: "\u001Bc" }], {
    color: false,
    columns: 100,
  });
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(text).toContain(String.raw`/health answers 200 \u001b[2J`);
});

test("programs get the same, and whether anything is broken", () => {
  const [health, tls] = results;
  expect(isHealthy([health!])).toBe(true);
  expect(isHealthy(results)).toBe(false);
  expect(JSON.parse(json("https://a.example.com", [health!, { ...tls!, blocks: true }]))).toEqual({
    url: "https://a.example.com",
    healthy: false,
    checks: [
      { ...health, guide: "docs/doctor.md#health" },
      { ...tls, guide: "docs/doctor.md#tls-versions" },
    ],
  });
});

test("the guide has a section for each check, and no other", () => {
  const guide = readFileSync(path.resolve(import.meta.dirname, "../../../docs/doctor.md"), "utf8");
  const sections = [...guide.matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
    guideTo(telling.page, { title }),
  );
  const checks = [...siteChecks, ...awsChecks].map((check) => guideTo(telling.page, check));
  expect(sections).toHaveLength(checks.length);
  expect(new Set(sections)).toEqual(new Set(checks));
  expect(new Set([...siteChecks, ...awsChecks].map(({ id }) => id)).size).toBe(checks.length);
});
