import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { rdsCertificates } from "../../infra/config/rules/rds-certificates.ts";
import { settings, type SettingName } from "../../infra/config/settings.ts";
import { shown } from "../../infra/config/shown.ts";
import { problems } from "./given.ts";

const privateKey = generateKeyPairSync("ed25519").privateKey.export({
  type: "pkcs8",
  format: "pem",
}) as string;
const certificates = rdsCertificates("eu-central-1") ?? "";
const names = Object.keys(settings) as SettingName[];

test.each([
  ["short", '"short"'],
  ["ä 😀 e\u0301", '"ä 😀 e\u0301"'],
  ["a\u200bb\u202ec\u00a0d\u2028\u{e0001}", String.raw`"a\u200bb\u202ec\u00a0d\u2028\udb40\udc01"`],
  ["https://user:hunter2@h.example.com/x", '"https://(credentials)@h.example.com/x"'],
  ["https://user:hun/ter2@h.example.com/x", '"https://(credentials)@h.example.com/x"'],
  [privateKey, "(a private key, not shown)"],
  ["-----BEGIN RSA PRIVATE KEY-----\nabc", "(a private key, not shown)"],
  ["-----BEGIN OPENSSH PRIVATE KEY-----", "(a private key, not shown)"],
  ["-----BEGIN PGP PRIVATE KEY BLOCK-----", "(a private key, not shown)"],
  [certificates, `(PEM of ${certificates.length} characters, not shown)`],
])("%j is shown as %s", (value, expected) => {
  expect(shown(value)).toBe(expected);
});

test("a long value is cut, and its length told", () => {
  expect(shown("x".repeat(6000))).toBe(`"${"x".repeat(200)}..." (6000 characters)`);
});

describe.each(names)("%s", (name) => {
  const { type } = settings[name];
  const given = (text: string) =>
    problems({ [name]: type === "array" ? JSON.stringify([text]) : text }, { region: "eu-central-1" }).join();

  test.each([
    ["a private key", privateKey],
    ["a private key behind a certificate", `${certificates}${privateKey}`],
    ["a private key in a map", JSON.stringify({ KEY: privateKey, LOG_LEVEL: privateKey })],
  ])("does not repeat %s", (_, text) => {
    const [, body = ""] = privateKey.split("\n");
    expect(body.length).toBeGreaterThan(40);
    expect(given(text)).not.toContain(body);
  });

  test("does not repeat six thousand characters", () => {
    expect(given("x".repeat(6000))).not.toContain("x".repeat(300));
  });
});

test("a long value in the environment is cut", () => {
  const [said] = problems({ environment: JSON.stringify({ LOG_LEVEL: "y".repeat(6000) }) });
  expect(said).toMatch(/sets LOG_LEVEL = "y{200}\.\.\." \(6000 characters\), which must be one of info/);
});

test("a long or strange name is cut", () => {
  expect(problems({ environment: JSON.stringify({ ["y-".repeat(3000)]: "z" }) }).join().length).toBeLessThan(
    600,
  );
  expect(problems({ environment: JSON.stringify({ [privateKey]: "z" }) }).join()).not.toContain("MC4C");
});

test("a private key where certificates belong is told by name", () => {
  expect(problems({ trustedCaPem: `${certificates}${privateKey}` })).toEqual([
    expect.stringMatching(
      /^nango:trustedCaPem = \(a private key, not shown\) holds a private key: give the certificate/,
    ),
  ]);
});

test("the name that certificates had before leads to the one that they have now", () => {
  expect(problems({ databaseCaPem: certificates })).toEqual([
    "nango:databaseCaPem is not a setting. It is called nango:trustedCaPem now. Remove it from stacks/Pulumi.dev.yaml, or: npx pulumi config rm -s dev nango:databaseCaPem",
  ]);
});
