// node project/run.mjs FILE [argument...]: runs a file of TypeScript, and waits for what it exports.

import path from "node:path";
import { keepCode } from "./code-cache.cjs";
import { importCompiled } from "./compiled.mjs";
import { nameSources } from "./sources.cjs";

// Whoever reads, such as `head`, may have enough of it: what the command does, and its exit code, are the same then.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
  });

const [node, , file = "", ...args] = process.argv;
process.argv = [node ?? "node", path.resolve(file), ...args];
keepCode(path.basename(file, ".ts"));
nameSources();
try {
  await (
    await importCompiled(file)
  ).default;
} catch (error) {
  const missing = missingPackage(error);
  if (missing === undefined) throw error;
  process.stderr.write(`${missing} is not installed. npm ci installs all packages of this project.\n`);
  process.exitCode = 1;
}

/** The package that Node does not find; undefined for any other error. */
function missingPackage(error) {
  const { code, message } = error ?? {};
  // A path is none: https://nodejs.org/api/packages.html#terminology
  const [, name] = /^Cannot find (?:package|module) '([^'./\\:][^':]*)'/.exec(message) ?? [];
  return String(code).endsWith("MODULE_NOT_FOUND") ? name : undefined;
}
