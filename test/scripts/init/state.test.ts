import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { awsProfiles } from "../../../scripts/init/profiles.ts";
import {
  backendProblem,
  backendUrl,
  expanded,
  recordedProvider,
  settingIn,
  takesPassphrase,
  withRegion,
} from "../../../scripts/init/state.ts";

const nowhere = { url: undefined, decidedBy: undefined };
const cloud = { url: "https://api.pulumi.com", decidedBy: undefined };

test.each([
  ["local", nowhere, "file://~"],
  ["cloud", nowhere, "https://api.pulumi.com"],
  ["current", cloud, "https://api.pulumi.com"],
  ["later", cloud, undefined],
  ["s3://state?region=eu-west-1", cloud, "s3://state?region=eu-west-1"],
])("the backend %s, where %j is logged in to, is %s", (answer, current, url) => {
  expect(backendProblem(answer, current)).toBeUndefined();
  expect(backendUrl(answer, current)).toBe(url);
});

test("a variable that decides the backend is no choice", () => {
  const decided = { url: "file:///state", decidedBy: "PULUMI_BACKEND_URL" };
  expect(backendProblem("local", decided)).toMatch(/^PULUMI_BACKEND_URL says file:\/\/\/state, which beats/);
  expect(backendProblem("current", decided)).toBeUndefined();
  expect(backendProblem("file:///state", decided)).toBeUndefined();
});

test.each([
  ["passphrase", "file://~", true],
  ["default", "s3://state", true],
  ["default", "https://api.pulumi.com", false],
  ["passphrase", "https://api.pulumi.com", true],
  ["awskms://alias/x?region=eu-west-1", "file://~", false],
  ["default", undefined, false],
])("%s at %s takes a passphrase: %j", (provider, url, takes) => {
  expect(takesPassphrase(provider, url)).toBe(takes);
});

test.each([
  ["passphrase", "file://~", undefined],
  ["passphrase", undefined, "passphrase"],
  ["passphrase", "https://api.pulumi.com", "passphrase"],
  ["default", "https://api.pulumi.com", undefined],
  ["awskms://alias/x", "s3://state", "awskms://alias/x"],
])("the file of a stack with %s at %s records %s", (provider, url, recorded) => {
  expect(recordedProvider(provider, url)).toBe(recorded);
});

test.each([
  ["awskms://alias/x", "awskms://alias/x?region=eu-west-1"],
  ["awskms://alias/x?profile=acme", "awskms://alias/x?profile=acme&region=eu-west-1"],
  ["awskms://alias/x?region=us-east-1", "awskms://alias/x?region=us-east-1"],
  [
    "awskms:///arn:aws:kms:us-east-1:123456789012:key/1",
    "awskms:///arn:aws:kms:us-east-1:123456789012:key/1?region=us-east-1",
  ],
  ["gcpkms://projects/p", "gcpkms://projects/p"],
  ["passphrase", "passphrase"],
])("the key %s is completed to %s", (provider, completed) => {
  expect(withRegion(provider, "eu-west-1")).toBe(completed);
});

test("the home folder may be written as a shell writes it", () => {
  expect(expanded("~/x")).toBe(path.join(homedir(), "x"));
  expect(expanded("/a/~/x")).toBe("/a/~/x");
});

test("each shell has its own way to set a variable", () => {
  expect(settingIn("NAME", "value")).toEqual([
    "bash, zsh:   export NAME='value'",
    "fish:        set -gx NAME 'value'",
    "PowerShell:  $env:NAME = 'value'",
  ]);
});

let folder: string | undefined;
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

test("profiles are those of both files of the AWS CLI, each once, with their regions", () => {
  folder = mkdtempSync(path.join(tmpdir(), "profiles-"));
  const [config, credentials] = [path.join(folder, "config"), path.join(folder, "credentials")];
  writeFileSync(
    config,
    '[default]\nregion = eu-west-1\noutput=json\n\n[profile acme]\nregion=eu-north-1\n[profile "two words"]\n[sso-session s]\nregion = us-east-1\n',
  );
  writeFileSync(credentials, "[default]\naws_access_key_id = x\n[old]\n[acme]\n");
  const files = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };
  expect(awsProfiles(files)).toEqual([
    { name: "default", region: "eu-west-1" },
    { name: "acme", region: "eu-north-1" },
    { name: "two words", region: undefined },
    { name: "old", region: undefined },
  ]);
  const none = { AWS_CONFIG_FILE: `${config}-none`, AWS_SHARED_CREDENTIALS_FILE: `${config}-none` };
  expect(awsProfiles(none)).toEqual([]);
});
