import { X509Certificate } from "node:crypto";

import { expect, test } from "vitest";

import { parseConfiguration } from "../../infra/config/parse.ts";
import { settings, type SettingName } from "../../infra/config/settings.ts";
import { configurationOf } from "../../rehearsal/configuration.ts";
import { placeholderFor } from "../../rehearsal/placeholders.ts";
import { readProject, readStackConfiguration } from "../../project/project.ts";

const encrypted = { secure: "AAABAO8=" };
const project = readProject(new URL("../..", import.meta.url).pathname);

/** Reads a stack's file, with other values in it, as a rehearsed program does. */
function read(stack: string, changed: Record<string, unknown>) {
  const file = { ...readStackConfiguration(project, stack), ...changed };
  const { values, secretKeys } = configurationOf(project, stack, file, { set: {}, secrets: {} });
  const own = (key: string) => key.replace(/^nango:/, "");
  const { config } = parseConfiguration(
    {
      stack,
      region: values["aws:region"],
      values: Object.fromEntries(
        Object.entries(values).flatMap(([key, value]) =>
          key.startsWith("nango:") ? [[own(key), value]] : [],
        ),
      ),
      secretKeys: new Set(secretKeys.map(own)),
      others: Object.fromEntries(Object.entries(values).filter(([key]) => !key.startsWith("nango:"))),
    },
    (text) => text,
  );
  return config;
}

test.each(Object.keys(settings) as SettingName[])("%s has a legal placeholder", (key) => {
  const text = placeholderFor([key]);
  expect(settings[key].schema.safeParse(text)).toMatchObject({ success: true });
  // A secret that was given is never taken for one that was not.
  if (settings[key].secret) expect(settings[key].schema.safeParse(text).data).toBeDefined();
});

test.each([
  "encryptionKey",
  "dashboardPassword",
  "environment",
  "domain",
  "hostedZone",
  "connectDomain",
  "image",
  "size",
  "databaseUrl",
  "redisUrl",
  "trustedCaPem",
  "databaseStorageGb",
  "allowedCidrs",
] as const)("the stack dev is rehearsed with %s encrypted", (key) => {
  expect(read("dev", { [`nango:${key}`]: encrypted })).toMatchObject({ target: "aws" });
});

test("names lie in the stack's own zone", () => {
  const { access } = read("dev", {
    "nango:domain": encrypted,
    "nango:hostedZone": "acme.dev",
  }) as { access: { https: { domain: string } } };
  expect(access.https.domain).toBe("nango.acme.dev");
});

test("items of a list and values of a map are what they have to be", () => {
  const { access } = read("dev", {
    "nango:allowedCidrs": [encrypted, "10.0.0.0/8"],
    "nango:environment": {
      LOG_LEVEL: encrypted,
      CRON_REFRESH_CONNECTIONS_LIMIT: encrypted,
      ANYTHING: encrypted,
    },
  }) as { access: { allowedCidrs: readonly string[] } };
  expect(access.allowedCidrs).toEqual(["203.0.113.0/24", "10.0.0.0/8"]);
  expect(placeholderFor(["environment", "CRON_REFRESH_CONNECTIONS_LIMIT"])).toBe("1");
  expect(placeholderFor(["environment", "ANYTHING"])).toBe("placeholder-for-ANYTHING");
});

test.each([
  "aws:region",
  "aws:profile",
  "aws:defaultTags",
  "aws:allowedAccountIds",
  "aws:assumeRoles",
  "aws:maxRetries",
  "aws:skipRegionValidation",
  "aws:secretKey",
])("the stack dev is rehearsed with %s encrypted", (key) => {
  expect(read("dev", { [key]: encrypted })).toMatchObject({ target: "aws" });
});

test("what is encrypted in a setting of the provider is of its kind", () => {
  const roles = [{ roleArn: encrypted, externalId: encrypted }];
  const accounts = [encrypted, encrypted];
  expect(read("dev", { "aws:assumeRoles": roles, "aws:allowedAccountIds": accounts })).toMatchObject({
    target: "aws",
  });
});

test("an encrypted region is that of the stack's ARNs, and encrypted ARNs lie in the stack's region", () => {
  const arn = (region: string) =>
    `arn:aws:acm:${region}:123456789012:certificate/11111111-2222-3333-4444-555555555555`;
  const onCertificate = { "nango:hostedZone": "none", "nango:certificateArn": arn("eu-west-1") };
  const { access } = read("dev", { ...onCertificate, "aws:region": encrypted }) as {
    access: { https: { certificateArn: string } };
  };
  expect(access.https.certificateArn).toBe(arn("eu-west-1"));
  for (const region of ["eu-west-3", "cn-north-1"]) {
    const given = { "aws:region": region, "nango:trustedCaPem": encrypted, "nango:hostedZone": "none" };
    const arns = {
      "nango:certificateArn": encrypted,
      "nango:alarmTopicArn": encrypted,
      "nango:permissionsBoundaryArn": encrypted,
    };
    expect(read("dev", { ...given, ...arns })).toMatchObject({ target: "aws" });
  }
  const copied = { "nango:backupVault": true, "nango:backupCopyRegion": encrypted };
  expect(read("dev", { "aws:region": "eu-west-1", ...copied })).toMatchObject({ target: "aws" });
});

test("what the size decides is left to it, and lists that are empty are not taken for given", () => {
  expect(placeholderFor(["apiRateLimitPerMinute"])).toBe("preset");
  expect(placeholderFor(["maxReplicas"])).toBe("preset");
  expect(JSON.parse(placeholderFor(["publicSubnetIds"]))).toHaveLength(2);
});

test("a certificate is one", () => {
  expect(new X509Certificate(placeholderFor(["trustedCaPem"])).ca).toBe(true);
});
