// `npm start`

import { runCommandLine } from "./command-line.ts";

const { stdout: out, stderr: err } = process;
process.exitCode = await runCommandLine(process.argv.slice(2), { out, err }, { environment: process.env });
