// What Pulumi starts: the program of index.ts, compiled when something in it has changed.

import { importCompiled } from "../project/compiled.mjs";

export default (await importCompiled(new URL("index.ts", import.meta.url))).default;
