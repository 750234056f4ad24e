// node project/run.mjs FILE [argument...]: runs a file of TypeScript.

import path from "node:path";
import { importCompiled } from "./compiled.mjs";

const [node, , file = "", ...args] = process.argv;
process.argv = [node ?? "node", path.resolve(file), ...args];
process.setSourceMapsEnabled(true);
await importCompiled(file);
