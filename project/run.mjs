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
await (
  await importCompiled(file)
).default;
