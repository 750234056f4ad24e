/** Where a fault may be. */
export const sourceFolders = ["infra", "bootstrap", "policy", "project", "rehearsal", "scripts"] as const;

/** A deliberate fault in the program, which some test must see. */
export interface Fault {
  /** What is wrong then, in a few words; `--only` looks for a part of it. */
  readonly fault: string;
  /** What somebody would lose by it. */
  readonly property: "security" | "data" | "availability" | "other";
  /** A text that stands in one place of the sources only, and what it is replaced by. */
  readonly find: string;
  readonly replace: string;
  /** Parts of the names of the test files that should see it, and of their tests when a few of them suffice. */
  readonly tests: readonly string[];
  readonly only?: string;
  /** Why no test sees it, when that is accepted. */
  readonly unseen?: string;
}
