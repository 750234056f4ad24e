import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { swallowedFlags } from "../../project/swallowed.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "swallowed-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const said = { does: "", without: "" };
const command = {
  script: "up",
  arguments: [{ name: "stack", does: "" }],
  flags: {
    update: { ...said, type: "boolean", takenAs: ["update_notifier"] },
    yes: { ...said, type: "boolean", short: "y" },
    "skip-preview": { ...said, type: "boolean", short: "f", takenAs: ["force"] },
    set: { ...said, type: "string", value: "key=value", multiple: true },
    json: { ...said, type: "string", value: "file" },
  },
} as const;

/** What arrives of a line of npm, besides the arguments. */
const byNpm = (settings: Readonly<Record<string, string>>) => ({
  npm_config_user_agent: "npm/11.19.1 node/v20.20.2 linux x64 workspaces/false",
  npm_lifecycle_event: "up",
  npm_config_local_prefix: folder,
  npm_config_userconfig: path.join(folder, "user"),
  npm_config_globalconfig: path.join(folder, "global"),
  ...settings,
});

const line = (args: readonly string[], settings: Readonly<Record<string, string>>) =>
  swallowedFlags(command, args, byNpm(settings))?.meant.join(" ");

// What npm 10.9 and 11.19 made of `npm run up dev ...` when this was written.
test.each([
  ["--update", ["dev"], { npm_config_update_notifier: "true" }, "dev --update"],
  ["--yes", ["dev"], { npm_config_yes: "true" }, "dev --yes"],
  ["-f", ["dev"], { npm_config_force: "true" }, "dev --skip-preview"],
  ["--skip-preview", ["dev"], { npm_config_skip_preview: "true" }, "dev --skip-preview"],
  ["--set a=b", ["dev", "a=b"], { npm_config_set: "true" }, "dev --set a=b"],
  ["--set=a=b", ["dev"], { npm_config_set: "a=b" }, "dev --set a=b"],
  [
    "--set a=b --set 'c=d e'",
    ["dev", "a=b", "c=d e"],
    { npm_config_set: "true\n\ntrue" },
    "dev --set a=b --set 'c=d e'",
  ],
  ["--set a=b without a stack", ["a=b"], { npm_config_set: "true" }, "--set a=b"],
  ["--json file.json", ["dev", "file.json"], { npm_config_json: "true" }, "dev --json file.json"],
  ["--json", ["dev"], { npm_config_json: "true" }, "dev --json <file>"],
  ["--yes --update", ["dev"], { npm_config_yes: "true", npm_config_update: "true" }, "dev --update --yes"],
])("%s is noticed, and put behind --", (_, args, settings, meant) => {
  expect(line(args, settings)).toBe(meant);
});

test.each([
  ["what is off", { npm_config_yes: "", npm_config_update_notifier: "" }],
  ["other settings of npm", { npm_config_audit: "true", npm_config_loglevel: "silent" }],
  ["a setting in the environment", { NPM_CONFIG_YES: "true", npm_config_yes: "true" }],
])("%s is no flag", (_, settings) => {
  expect(line(["dev"], settings)).toBeUndefined();
});

test.each(["user", "global", ".npmrc"])("what npm's file %s sets is no flag", (file) => {
  writeFileSync(path.join(folder, file), "audit=false\nyes = true\n");
  expect(line(["dev"], { npm_config_yes: "true" })).toBeUndefined();
  writeFileSync(path.join(folder, file), "audit=false\nyes=false\n");
  expect(line(["dev"], { npm_config_yes: "true" })).toBe("dev --yes");
});

test("a flag that is given as well is not missed", () => {
  for (const given of ["--yes", "-y", "--yes=false"])
    expect(line(["dev", given], { npm_config_yes: "true" })).toBeUndefined();
});

test("nothing is missed outside of npm, or when another command of package.json runs", () => {
  const settings = { npm_config_yes: "true" };
  for (const other of [
    { npm_config_user_agent: "pnpm/10.4.1 npm/? node/v20.20.2 linux x64" },
    { npm_lifecycle_event: "test" },
  ])
    expect(line(["dev"], { ...settings, ...other })).toBeUndefined();
  expect(swallowedFlags(command, ["dev"], settings)).toBeUndefined();
});
