import { expect, test } from "vitest";
import { providerProblems } from "../../infra/config/provider-settings.ts";

const said = (others: Record<string, unknown>) =>
  providerProblems(
    Object.fromEntries(
      Object.entries(others).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    "dev",
  ).map(({ message }) => message);

const role = "arn:aws:iam::123456789012:role/deploy";

test.each<[string, unknown]>([
  ["aws:region", "eu-central-1"],
  ["aws:profile", "acme"],
  [
    "aws:assumeRoles",
    [{ roleArn: role, sessionName: "nango", externalId: "xy", duration: "1h30m", policy: "{}" }],
  ],
  ["aws:retryMode", "adaptive"],
  ["aws:assumeRoles", [{ roleArn: "arn:aws-us-gov:iam::123456789012:role/path/deploy" }]],
  ["aws:assumeRoleWithWebIdentity", { roleArn: role, webIdentityTokenFile: "/run/token" }],
  ["aws:defaultTags", { tags: { Project: "nango", Number: 1 } }],
  [
    "aws:defaultTags",
    { tags: { "Kosten stelle/1": "Zoë +-=._:/@", ["k".repeat(128)]: "v".repeat(256), Empty: "" } },
  ],
  ["aws:ignoreTags", { keyPrefixes: ["kubernetes.io/"] }],
  ["aws:allowedAccountIds", ["012345678901"]],
  ["aws:skipCredentialsValidation", "true"],
  ["aws:maxRetries", "25"],
  ["aws:endpoints", [{ ecs: "http://127.0.0.1:4566" }]],
  ["aws:pluginDownloadURL", "https://plugins.example.com"],
  ["aws:sharedCredentialsFiles", ["~/.aws/credentials"]],
  ["docker:host", "ssh://me@example.com"],
  ["docker:keyMaterial", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"],
  ["docker:registryAuth", [{ address: "ghcr.io" }]],
  ["random:x", "x"],
  ["awsx:autoname", "x"],
  ["cloudflare:apiToken", "x"],
])("%s may be %j", (key, value) => {
  expect(said({ [key]: value })).toEqual([]);
});

test.each([
  // Version 7 of the provider renamed it: https://github.com/pulumi/pulumi-aws/issues/4459
  ["aws:assumeRole", "aws:assumeRoles"],
  ["aws:regoin", "aws:region"],
  ["aws:defaulttags", "aws:defaultTags"],
  ["aws:allowedAccountID", "aws:allowedAccountIds"],
  ["docker:hots", "docker:host"],
  ["dokcer:host", "docker:host"],
  ["AWS:region", "aws:region"],
  ["awss:region", "aws:region"],
  ["aws:size", "nango:size"],
])("%s is refused, and %s suggested", (key, near) => {
  const [message, ...others] = said({ [key]: "hunter2" });
  expect(message).toContain(` Did you mean ${near}?`);
  expect(message).toMatch(
    new RegExp(`^${key} is .*Remove it from stacks/Pulumi.dev.yaml, or: npx pulumi config rm -s dev ${key}$`),
  );
  expect(message).not.toContain("hunter2");
  expect(others).toEqual([]);
});

test("a setting that is like no other is refused without a suggestion", () => {
  expect(said({ "aws:banana": "x" })).toEqual([
    "aws:banana is no setting of the provider, @pulumi/aws. Remove it from stacks/Pulumi.dev.yaml, or: npx pulumi config rm -s dev aws:banana",
  ]);
});

test.each<[string, unknown, RegExp]>([
  ["aws:assumeRoles", { roleArn: role }, /is not a list of roles, as in \[\{roleArn:/],
  ["aws:assumeRoles", [{ rolearn: role }], /is not a list of roles/],
  ["aws:assumeRoles", [{ roleArn: "deploy" }], /is not a list of roles/],
  ["aws:assumeRoles", role, /is not a list of roles/],
  ...[
    { duration: "banana" },
    { duration: "25h" },
    { duration: "14m59s" },
    { duration: 3600 },
    { sessionName: "a b" },
    { externalId: "x" },
    { policy: "nojson" },
    { policyArns: ["ReadOnlyAccess"] },
  ].map((wrong): [string, unknown, RegExp] => [
    "aws:assumeRoles",
    [{ roleArn: role }, { roleArn: role, ...wrong }],
    new RegExp(`is not a list of roles, as in .* \\(look at 1\\.${Object.keys(wrong).join("")}`),
  ]),
  ["aws:retryMode", "fast", /is not standard or adaptive\.\n/],
  ["aws:ec2MetadataServiceEndpointMode", "IPv5", /is not IPv4 or IPv6/],
  [
    "aws:defaultTags",
    { Project: "nango" },
    /is not a map with the tags in it, as in \{tags: \{Project: nango\}\}/,
  ],
  ["aws:defaultTags", { tags: ["a"] }, /is not a map with the tags/],
  ["aws:defaultTags", { tags: { "aws:owner": "me" } }, /has a tag "aws:owner" whose key starts with aws:/],
  ["aws:defaultTags", { tags: { Owner: "AWS:me" } }, /has a tag "Owner" whose value starts with aws:/],
  ["aws:defaultTags", { tags: { Cost: "R&D" } }, /has a tag "Cost" whose value holds a character/],
  ["aws:defaultTags", { tags: { "R&D": "x" } }, /has a tag "R&D" whose key holds a character/],
  ["aws:defaultTags", { tags: { "": "x" } }, /has a tag "" that has no key/],
  ["aws:defaultTags", { tags: { ["k".repeat(129)]: "x" } }, /whose key has 129 characters; 128 is the most/],
  ["aws:defaultTags", { tags: { k: "v".repeat(257) } }, /whose value has 257 characters; 256 is the most/],
  [
    "aws:defaultTags",
    { tags: { Team: "a", team: "b" } },
    /has a tag "team" that differs .* in capitals only/,
  ],
  [
    "aws:defaultTags",
    { tags: Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`k${index}`, ""])) },
    /has 49 tags; 48 is the most/,
  ],
  ["aws:allowedAccountIds", [12345678901], /is not a list of account IDs in quotes/],
  ["aws:allowedAccountIds", ["1234"], /is not a list of account IDs/],
  ["aws:allowedAccountIds", "123456789012", /is not a list of account IDs/],
  ["aws:defaultTags", { tags: { Made: "2026-11-27 00:00:00 +0000 UTC" } }, /"Made" whose value is .* a date/],
  [
    "aws:allowedAccountIds",
    [],
    /is not a list of account IDs in quotes, .*\.\nMend it, or remove it from stacks/,
  ],
  ["aws:profile", "", /^aws:profile is empty\.\nMend it, or remove it from stacks/],
  ["aws:profile", " acme", /has white space around it/],
  ["aws:profile", ["acme"], /is a list, and not a text/],
  ["aws:sharedConfigFiles", "~/.aws/config", /is not a list of files/],
  ["docker:context", " ", /is empty/],
  ["aws:ignoreTags", ["owner"], /is not a map of names/],
  ["aws:skipCredentialsValidation", "maybe", /is not true or false/],
  ["aws:useFipsEndpoint", 1, /is not true or false/],
  ["aws:maxRetries", "lots", /is not a whole number/],
  ["aws:maxRetries", 1.5, /is not a whole number/],
  ["aws:endpoints", "http://127.0.0.1:4566", /is not a list of maps, as in \[\{sts:/],
])("%s may not be %j", (key, value, message) => {
  expect(said({ [key]: value })).toEqual([expect.stringMatching(message)]);
});

test("accounts are allowed or forbidden, and not both", () => {
  const [message, ...others] = said({
    "aws:allowedAccountIds": ["123456789012"],
    "aws:forbiddenAccountIds": ["210987654321"],
  });
  expect(message).toMatch(/^aws:forbiddenAccountIds does not go together with aws:allowedAccountIds/);
  expect(others).toEqual([]);
});
