// What Pulumi starts: the program of index.ts, compiled when something in it has changed.

import { keepCode } from "../project/code-cache.cjs";
import { importCompiled } from "../project/compiled.mjs";

keepCode("program");
export default (await importCompiled(new URL("index.ts", import.meta.url))).default;
