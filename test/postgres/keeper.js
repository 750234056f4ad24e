/**
 * Runs one Postgres for a test and never outlives it: when the standard input ends, which it does however the test
 * ends, the server is stopped and its folder removed. Argument: {program, arguments, uid, gid, folder} as JSON.
 */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";

const { program, arguments: args, uid, gid, folder } = JSON.parse(process.argv[2] ?? "");
const env = { LC_ALL: "C" };
const postgres = spawn(program, args, { uid, gid, env, stdio: ["ignore", "ignore", "inherit"] });
postgres.once("error", (error) => console.error(`FATAL: ${error.message}`));
postgres.once("close", () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
// SIGQUIT is Postgres' immediate shutdown: nothing here needs to survive.
process.stdin.once("end", () => postgres.kill("SIGQUIT")).resume();
