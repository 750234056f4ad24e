import { runCommand } from "../project/run-command.ts";
import { rehearse } from "../rehearsal/rehearse.ts";
import { release } from "./release/arguments.ts";
import { cutRelease, writeChanges } from "./release/command.ts";

export default runCommand(release, process.argv.slice(2), async ({ positionals: [version] }) => {
  const place = { directory: process.cwd(), rehearsing: rehearse };
  const lines = version === undefined ? await writeChanges(place) : await cutRelease(version, place);
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
});
