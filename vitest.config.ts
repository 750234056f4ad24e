import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, so that nobody waits for it alone at the end. */
const longest = ["test/check.test.ts", "test/effects/"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const takesLong = ({ moduleId }: TestSpecification) => longest.some((name) => moduleId.includes(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(takesLong), ...sorted.filter((file) => !takesLong(file))];
  }
}

const PARSER = "@actions/workflow-parser";

export default defineConfig({
  plugins: [
    {
      name: "without source maps that lead nowhere",
      enforce: "pre",
      load: (file) =>
        file.includes(`${PARSER}/dist/`) && file.endsWith(".js")
          ? readFileSync(file, "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, "")
          : undefined,
    },
  ],
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/folder-of-run.ts",
    // A rehearsal starts a process; a busy machine takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // It imports JSON in a form that Node refuses.
    server: { deps: { inline: [PARSER] } },
    // Files that look at the same stacks share their rehearsals.
    isolate: false,
    // Each has a process of its own that runs programs: one more would load it all once more.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
  },
});
