/** As it should be, worth a look, broken, not looked at. */
export type Verdict = "good" | "warning" | "bad" | "skipped";

/** What a check found. */
export interface Outcome {
  readonly verdict: Verdict;
  /** A phrase: what was seen, or why nothing was looked at. */
  readonly says: string;
  /** The way out. */
  readonly remedy?: string;
  /** Which host or resource it is about, where a check looks at several. */
  readonly about?: string;
  /** Whether what lies behind cannot be looked at. @default false */
  readonly blocks?: true;
}

export interface Check<Subject> {
  /** For programs. */
  readonly id: string;
  /** For people; the heading of its section in the command's page. */
  readonly title: string;
  /** The IAM actions that it takes. */
  readonly permissions?: readonly string[];
  readonly run: (subject: Subject) => Promise<Outcome | readonly Outcome[]>;
}

export interface Result extends Outcome {
  readonly id: string;
  readonly title: string;
}

export function good(says: string): Outcome {
  return { verdict: "good", says };
}

export function warning(says: string, remedy: string): Outcome {
  return { verdict: "warning", says, remedy };
}

export function bad(says: string, remedy: string): Outcome {
  return { verdict: "bad", says, remedy };
}

export function skipped(why: string): Outcome {
  return { verdict: "skipped", says: why };
}

/** Runs checks at once; `explain` turns what one of them threw into its outcome. */
export async function runChecks<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
  explain: (error: unknown, check: Check<Subject>) => Outcome,
): Promise<Result[]> {
  const results = await Promise.all(
    checks.map(async (check) => {
      const { id, title } = check;
      const outcomes = await outcomesOf(check, subject).catch((error: unknown) => [explain(error, check)]);
      return outcomes.map((outcome) => ({ id, title, ...outcome }));
    }),
  );
  return results.flat();
}

async function outcomesOf<Subject>(check: Check<Subject>, subject: Subject): Promise<readonly Outcome[]> {
  const found = await check.run(subject);
  return Array.isArray(found) ? (found as readonly Outcome[]) : [found as Outcome];
}
