// What each command of a pipeline does.

import { readFileSync } from "node:fs";
import path from "node:path";
import { wrong } from "../../project/command.ts";
import { bareStackName, readProject } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { writeFile } from "../../project/write-file.ts";
import { folded } from "../../rehearsal/markdown.ts";
import { rehearse } from "../../rehearsal/rehearse.ts";
import { readyCli } from "../pulumi/ready.ts";
import { readState } from "../pulumi/state.ts";
import { notesOn } from "../release/changelog.ts";
import { recordedVersions } from "../release/record.ts";
import { knownReleases } from "../upgrade/known-releases.ts";
import { upgrade } from "../upgrade/upgrade.ts";
import { ciCommands } from "./arguments.ts";
import { certificateLines, regionsOf } from "./certificates.ts";
import { changedFiles, changesStack } from "./changed.ts";
import { postComment, workflowRun } from "./comment.ts";
import { refuseOtherThanDrill } from "./drill.ts";
import { look } from "./engine.ts";
import { lintWorkflows } from "./lint.ts";
import { isJob, jobs, nextStep } from "./next.ts";
import { isForDrills, readPipeline, stackOf } from "./pipeline.ts";
import { readReports, type Report } from "./report.ts";
import { reportsText, reportText } from "./report-text.ts";
import { refuseFindings, rehearsals } from "./rehearsals.ts";
import { judgeRollback } from "./rollback.ts";
import { annotate, giveOutput, summarize } from "./summary.ts";
import { judgeTip } from "./tip.ts";

/** A command line in its surroundings. */
interface CiRun {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
  /** The project's folder. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** How a stack is looked at. @default by the Pulumi CLI */
  readonly looking?: typeof look;
}

type Action = (run: CiRun) => Promise<number> | number;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** What a summary page shows at most, of its mebibyte. */
const PAGE = 500_000;

/** Puts Markdown into the file that was asked for, else on the summary page. */
function show(markdown: string, file: string | undefined): void {
  if (file === undefined) summarize(markdown);
  else writeFile(file, `${markdown}\n`);
}

function writeReports(file: string | undefined, all: readonly Report[]): void {
  if (file !== undefined) writeFile(file, `${JSON.stringify(all)}\n`);
}

const stacks: Action = async ({ values, directory, environment }) => {
  const pipeline = readPipeline(environment["NANGO_PIPELINE"]);
  const one = text(values["stack"]);
  if (one !== undefined) stackOf(pipeline, one);
  let names = one === undefined ? Object.keys(pipeline).filter((name) => !isForDrills(name)) : [one];
  if (values["pull-request"] === true) {
    names = names.filter((name) => pipeline[name]?.pullRequests === true);
    const files = names.length === 0 ? [] : await changedFiles(directory);
    names = names.filter((name) => changesStack(files, name));
  }
  process.stdout.write(`${JSON.stringify(names)}\n`);
  return 0;
};

const variables: Action = ({ positionals: [name = ""], values, environment }) => {
  const { backend, region, roles } = stackOf(readPipeline(environment["NANGO_PIPELINE"]), name);
  const wanted = text(values["role"]) ?? "preview";
  if (!Object.hasOwn(roles, wanted))
    throw wrong(ciCommands["ci:variables"], `--role takes ${Object.keys(roles).join(", ")}, not "${wanted}"`);
  const all = {
    PULUMI_BACKEND_URL: backend,
    AWS_REGION: region,
    AWS_ROLE_ARN: roles[wanted as keyof typeof roles],
  };
  process.stdout.write(
    Object.entries(all)
      .map(([variable, value]) => `${variable}='${value.replaceAll("'", String.raw`'\''`)}'\n`)
      .join(""),
  );
  return 0;
};

const report: Action = async ({ values, directory }) => {
  const all = await rehearsals(readProject(directory), text(values["base"]), rehearse);
  writeReports(text(values["out"]), all);
  show(all.length === 0 ? "No stack changes." : reportsText(all, PAGE), text(values["markdown"]));
  refuseFindings(all);
  return 0;
};

const preview: Action = async ({ positionals: [stack = ""], values, directory, looking = look }) => {
  const {
    exitCode,
    report: seen,
    fingerprint,
  } = await looking(readProject(directory), stack, ["preview", "--diff"]);
  writeReports(text(values["out"]), [seen]);
  show(reportText(seen), text(values["markdown"]));
  if (exitCode !== 0) throw new UserError(`The preview of ${stack} failed with exit code ${exitCode}.`);
  giveOutput("fingerprint", fingerprint);
  const file = text(values["fingerprint"]);
  if (file !== undefined) writeFile(file, `FINGERPRINT=${fingerprint}\n`);
  process.stdout.write(`Fingerprint of what would change: ${fingerprint}\n`);
  const expected = text(values["expect"]);
  if (expected !== undefined && expected !== fingerprint)
    throw new UserError(
      `What would change in ${stack} now is not what was approved (${fingerprint}, not ${expected}): its state, AWS, or what the program ` +
        "looks up has changed since. Nothing was deployed: make the plan anew, and approve that.",
    );
  return 0;
};

const drift: Action = async ({ positionals: [stack = ""], directory, looking = look }) => {
  const { exitCode, report: seen } = await looking(readProject(directory), stack, [
    "refresh",
    "--preview-only",
    "--expect-no-changes",
    "--diff",
  ]);
  summarize(reportText(seen));
  if (exitCode === 0) return 0;
  throw new UserError(
    seen.changes.length > 0
      ? `${stack} is not as it was deployed: ${seen.changes.map(({ resource }) => resource).join(", ")}.`
      : `${stack} could not be looked at: the refresh ended with exit code ${exitCode}.`,
  );
};

/** A century. */
const MOST_DAYS = 36_500;

const certificates: Action = ({ values, directory }) => {
  const days = Number(values["days"]);
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
    throw wrong(
      ciCommands["ci:certificates"],
      `--days takes a number of days from 1 to ${MOST_DAYS}, not "${String(values["days"])}"`,
    );
  const lines = certificateLines(regionsOf(readProject(directory)), days);
  summarize(["### Certificates of RDS", "", ...lines.map((line) => `- ${line.text}`)].join("\n"));
  const ending = lines.filter(({ lasts }) => !lasts);
  if (ending.length > 0)
    throw new UserError(`Certificates last no ${days} days:\n${ending.map((line) => line.text).join("\n")}`);
  return 0;
};

const newer: Action = async ({ positionals: [stack = ""], directory }) => {
  const place = { directory };
  const line = { help: false, permissions: false, positionals: [stack], passedOn: [], values: {} } as const;
  const said = await upgrade(
    { ...line, values: { offline: undefined, "allow-downgrade": undefined } },
    place,
  );
  summarize(folded(`Releases of Nango, for ${stack}`, said.split("\n")).join("\n"));
  const [ahead] = /^.*\b(?:is|are) newer, with .*$/m.exec(said) ?? [];
  if (ahead !== undefined) annotate("notice", `${stack}: ${ahead}`);
  return 0;
};

const rollback: Action = async ({ positionals: [stack = "", wanted = ""], directory, environment }) => {
  const { list } = await knownReleases({ offline: false });
  const { commit, text: said } = await judgeRollback(readProject(directory), stack, wanted, list);
  giveOutput("commit", commit);
  summarize(said, environment, true);
  process.stdout.write(`${said}\n`);
  return 0;
};

const tip: Action = async ({ positionals: [folder = ""], directory }) => {
  process.stdout.write(`${await judgeTip(directory, path.resolve(directory, folder))}\n`);
  return 0;
};

const drill: Action = async ({ positionals: [stack = ""], directory, environment }) => {
  const project = readProject(directory);
  const { cli } = await readyCli(project, stack, { reachesCloud: false, environment });
  refuseOtherThanDrill(project, bareStackName(stack), await readState(cli, stack));
  process.stdout.write(`${stack} is there to practise on.\n`);
  return 0;
};

const comment: Action = async ({ positionals: [folder = ""], environment }) => {
  const { github, event } = workflowRun(environment);
  process.stdout.write(`${await postComment(github, event, readReports(folder))}\n`);
  return 0;
};

const next: Action = ({ positionals: [job = ""], values, environment }) => {
  if (!isJob(job))
    throw wrong(ciCommands["ci:next"], `There are the jobs ${jobs.join(", ")}, and no "${job}"`);
  const said = nextStep(job, text(values["stack"]));
  summarize(`### What to do\n\n${said}`, environment, true);
  annotate("error", said, environment);
  return 0;
};

const notes: Action = ({ positionals: [tag = ""], directory }) => {
  const read = (file: string) => readFileSync(path.join(directory, file), "utf8");
  const { version } = JSON.parse(read("package.json")) as { version: string };
  if (tag !== `v${version}`)
    throw new UserError(
      `The tag ${tag} is not the version of package.json, v${version}: npm run release cuts a version.`,
    );
  if (!recordedVersions(directory).includes(version))
    throw new UserError(
      `test/releases has no ${version}.json: npm run release -- ${version} records what it deploys.`,
    );
  process.stdout.write(`${notesOn(read("CHANGELOG.md"), version)}\n`);
  return 0;
};

/** By the commands' names in package.json. */
export const ciActions: Readonly<Record<keyof typeof ciCommands, Action>> = {
  "ci:stacks": stacks,
  "ci:variables": variables,
  "ci:report": report,
  "ci:preview": preview,
  "ci:drift": drift,
  "ci:certificates": certificates,
  "ci:newer": newer,
  "ci:rollback": rollback,
  "ci:tip": tip,
  "ci:drill": drill,
  "ci:comment": comment,
  "ci:next": next,
  "lint:workflows": ({ directory }) => lintWorkflows(directory),
  "ci:notes": notes,
};
