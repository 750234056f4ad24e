// npm run init -- [stack] [flags]
//
// Asks for what a new stack needs, writes its file, makes it in a state backend and rehearses it.

import { runInit } from "./init/run.ts";

process.exitCode = await runInit(process.argv.slice(2));
