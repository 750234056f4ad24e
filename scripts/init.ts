// npm run init -- [stack] [flags]
//
// Asks for what a new stack needs, writes its file, makes it in a state backend and rehearses it.

import { runInit } from "./init/run.ts";

export default runInit(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
