import { execFile } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

/** The linter's checker, which is written in Go, ends before its memory would have to be looked through. */
const env = { ...process.env, GOGC: "off", GOMEMLIMIT: "2GiB" };

/** Runs one of the scripts in package.json. */
function run(script: string): Promise<{ code: unknown; printed: string }> {
  return new Promise((end) => {
    execFile("npm", ["run", "-s", script], { cwd: root, env, shell: true }, (error, stdout, stderr) =>
      end({ code: error?.code, printed: stdout + stderr }),
    );
  });
}

// The linter checks the types as well, in a quarter of the time that `npm run types` takes.
test.each(["lint", "formatting"])("npm run %s finds nothing", { timeout: 600_000 }, async (script) => {
  const { code, printed } = await run(script);
  expect(code, printed).toBeUndefined();
});
