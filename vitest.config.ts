import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // A rehearsal starts a process; a busy machine takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Files that look at the same stacks share their rehearsals.
    isolate: false,
    maxWorkers: "100%",
  },
});
