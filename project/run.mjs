// node project/run.mjs FILE [argument...]: runs a file of TypeScript.

import path from "node:path";
import { keepCode } from "./code-cache.cjs";
import { importCompiled } from "./compiled.mjs";

const [node, , file = "", ...args] = process.argv;
process.argv = [node ?? "node", path.resolve(file), ...args];
keepCode(path.basename(file, ".ts"));
process.setSourceMapsEnabled(true);
await importCompiled(file);
