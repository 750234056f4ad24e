import { execFile } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

/** Runs one of the scripts in package.json. */
function run(script: string): Promise<{ code: unknown; printed: string }> {
  return new Promise((end) => {
    execFile("npm", ["run", "-s", script], { cwd: root, shell: true }, (error, stdout, stderr) =>
      end({ code: error?.code, printed: stdout + stderr }),
    );
  });
}

test.each(["lint", "formatting", "types"])(
  "npm run %s finds nothing",
  { timeout: 600_000 },
  async (script) => {
    const { code, printed } = await run(script);
    expect(code, printed).toBeUndefined();
  },
);
