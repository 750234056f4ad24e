import { expect, test, vi } from "vitest";
import { runInit } from "../../../scripts/init/run.ts";
import { Stage } from "./stage.ts";

const stage = new Stage();

test.each([
  [["--help"], 0],
  [["-h"], 0],
])("%j shows what there is", async (args, code) => {
  const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const ended = await runInit(args);
  const text = out.mock.calls.join("");
  out.mockRestore();
  expect(ended).toBe(code);
  for (const flag of ["--target", "--hosted-zone", "--secrets-provider", "--yes", "--dry-run"])
    expect(text).toMatch(new RegExp(`^  (-., )?${flag} `, "m"));
});

test.each([
  [["staging", "--colour"], /^Unknown option '--colour'\.\nUsage: npm run init -- \[stack\]/],
  [["a", "b"], /^"b" is one argument too many\./],
  [["--region"], /^Option '--region <value>' argument missing\./],
])("%j is told to be wrong", async (args, message) => {
  const { code, said } = await stage.init(args);
  expect(code).toBe(64);
  expect(said).toMatch(message);
});

test("a flag that npm kept for itself is named", async () => {
  vi.stubEnv("npm_config_user_agent", "npm/10.8.2 node/v20.20.0");
  vi.stubEnv("npm_lifecycle_event", "init");
  vi.stubEnv("npm_config_region", "true");
  // An npx around the tests sets it.
  vi.stubEnv("npm_config_yes", undefined);
  expect((await stage.init(["staging", "eu-central-1"])).said).toMatch(
    /npm kept --region for itself.*npm run init -- staging --region eu-central-1/s,
  );
});
