import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** A folder for what files of tests share: it goes when all tests have ended, however their processes did. */
    folderOfRun: string;
  }
}

export default function makeFolderOfRun(project: TestProject): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), "tests-"));
  // Other accounts may have something of theirs in it.
  chmodSync(folder, 0o711);
  project.provide("folderOfRun", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
