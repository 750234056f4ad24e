import { expect, test } from "vitest";
import { maskedRehearsal } from "../../rehearsal/mask.ts";
import type { Rehearsal } from "../../rehearsal/rehearse.ts";
import { rehearsal, resource } from "./recorded.ts";

const secret = "s3cret-of-acme";
const said = `is ${secret} here`;
const violation = { policy: "tagged", level: "mandatory", urn: "", message: said, remedy: "" } as const;

/** Everything of a rehearsal in which a text may repeat a secret. */
const repeating: Partial<Rehearsal> = {
  messages: [{ severity: "warning", text: said }],
  debugMessages: [said],
  findings: [{ message: said }],
  hookRuns: [{ hook: "migrate", kind: "beforeCreate", urn: "", error: said }],
  policies: {
    kept: [],
    unknown: [],
    violations: [violation],
    accepted: [{ ...violation, because: "It is a test." }],
  },
  program: { exitCode: 1, message: said },
  outputs: { password: secret, open: "to all" },
  secretOutputs: ["password"],
};

test.each([
  ["an input", { inputs: { password: secret }, secretInputs: ["password"] }],
  ["an output", { outputs: { password: secret }, secretOutputs: ["password"] }],
  [
    "one value of many in a secret text",
    { inputs: { all: JSON.stringify({ KEY: secret }) }, secretInputs: ["all"] },
  ],
])("what is secret as %s is hidden in every text, and nothing else is", (_, marked) => {
  const masked = maskedRehearsal(rehearsal([resource("acme:index:Login", "login", marked)], repeating));
  expect(JSON.stringify(masked)).not.toContain(secret);
  const hidden = "is (secret) here";
  expect(masked).toMatchObject({
    messages: [{ text: hidden }],
    debugMessages: [hidden],
    findings: [{ message: hidden }],
    hookRuns: [{ error: hidden }],
    policies: { violations: [{ message: hidden }], accepted: [{ message: hidden }] },
    program: { message: hidden },
    outputs: { password: "(secret)", open: "to all" },
  });
});
