// `npm start`

import { runCommandLine } from "./command-line.ts";

const { stdout: out, stderr: err } = process;
const { argv, env: environment } = process;
export default runCommandLine(argv.slice(2), { out, err }, { environment }).then((exitCode) => {
  process.exitCode = exitCode;
});
