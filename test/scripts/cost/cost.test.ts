import { expect, test } from "vitest";
import { readCommandLine } from "../../../project/command.ts";
import { UserError } from "../../../project/user-error.ts";
import { bill } from "../../../scripts/cost/bill.ts";
import { commands } from "../../../scripts/commands.ts";
import { rehearsal, resource } from "../../rehearsal/recorded.ts";
import type { RehearseOptions } from "../../../rehearsal/rehearse.ts";
import { rehearse } from "../../rehearse.ts";

/** What is printed; of what a person can put right, the message. */
async function run(...given: string[]): Promise<{ out: string; err: string }> {
  return runAs(rehearse, ...given);
}

/** The same of what is rehearsed in a way of one's own. */
async function runAs(how: typeof rehearse, ...given: string[]): Promise<{ out: string; err: string }> {
  try {
    return { out: await bill(readCommandLine(commands.cost, given, {}), how), err: "" };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { out: "", err: error.message };
  }
}

const inVirginia = ["--set", "aws:region=us-east-1"];

test("the bill of a stack has its lines, both sums, the assumptions and the age of the prices", async () => {
  const { out, err } = await run("dev", ...inVirginia);
  expect(err).toBe("");
  expect(out).toMatch(/^Stack "dev" in us-east-1: about \$62 a month\n\n/);
  expect(out).toMatch(/^tasks {2,}1 x 0\.5 vCPU on demand {2,}365 vCPU-hours {2,}\$0\.04048 {2,}\$14\.78$/m);
  expect(out).toMatch(/^secrets and keys {2,}secret {2,}1 month {2,}\$0\.4 {2,}\$0\.40$/m);
  expect(out).toMatch(/^fixed {2,}\$59\.78$/m);
  expect(out).toMatch(/^by use, as assumed {2,}\$2\.01\nsum {2,}\$61\.79$/m);
  expect(out).toMatch(/^ {2}--gb-out 10 {2,}GB sent to the internet$/m);
  expect(out).not.toContain("--nat-gb");
  expect(out).toMatch(/List prices of AWS in us-east-1, of 2026-\S+ to 2026-10-08, without tax/);
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
});

test("assumptions are set by flags, and show", async () => {
  const { out } = await run("dev", ...inVirginia, "--gb-out", "500", "--tasks", "3", "--hours", "365");
  expect(out).toMatch(/^network {2,}traffic to the internet {2,}500 GB {2,}\$0\.09 {2,}\$45\.00$/m);
  expect(out).toMatch(/^tasks {2,}3 x 0\.5 vCPU on demand {2,}547\.5 vCPU-hours/m);
  expect(out).toMatch(/^ {2}--hours 365 .*\n {2}--tasks 3 .*\n {2}--gb-out 500 /m);
});

test("a stack whose tasks are none is counted without traffic, which is said", async () => {
  const { out } = await run("dev", ...inVirginia, "--tasks", "0");
  expect(out).toMatch(/^by use, as assumed {2,}\$0\.00\nsum {2,}\$38\.11$/m);
  expect(out).toMatch(/^ {2}--tasks 0 .*\n {2}--gb-out 0 .*\n {2}--lcu 0 .*\n {2}--log-gb 0 /m);
  expect(out).toContain("No task runs, so that neither traffic nor logs are assumed.");
  expect(out).not.toContain("API calls");
});

test("where an assumption comes from the stack, it says so", async () => {
  const { out } = await run("dev", ...inVirginia, "--set", "nango:backupVault=true");
  expect(out).toMatch(/^ {2}--tasks <number> {2,}tasks that run on average: the fewest$/m);
  expect(out).toMatch(/^ {2}--vault-gb <number> {2}.* vault of AWS Backup: as many as the databases have$/m);
  expect(out).toMatch(/^database {2,}backups in a vault {2,}20 GB-months {2,}\$0\.095 {2,}\$1\.90$/m);
});

test("of what AWS would refuse the bill says so, and first where the program failed for it", async () => {
  const key = resource("aws:kms/key:Key", "a", { inputs: { deletionWindowInDays: 1 } });
  const findings = [{ urn: key.urn, property: "deletionWindowInDays", message: "AWS takes 7 to 30" }];
  const where = { region: "us-east-1" };
  const said = "A deployment would be refused: a (kms.Key): deletionWindowInDays: AWS takes 7 to 30";
  const shown = rehearsal([key], { findings, where });
  expect((await runAs(async () => shown, "dev")).out).toContain(`and discounts.\n\n${said}`);
  const failed = { ...shown, program: { exitCode: 1, message: "no task runs" } };
  expect(await runAs(async () => failed, "dev")).toEqual({ out: "", err: said });
});

test("where a type that is not known stops a deployment, what a preview knows is counted", async () => {
  const [key, other] = [resource("aws:kms/key:Key", "a"), resource("aws:wafv2/ipSet:IpSet", "b")];
  const findings = [{ urn: other.urn, message: "the rehearsal knows no such type" }];
  const where = { region: "us-east-1" };
  const how = async ({ mode }: RehearseOptions) =>
    mode === "preview"
      ? rehearsal([other, key], { findings, where })
      : rehearsal([other], { findings, where, program: { exitCode: 1 } });
  const { out } = await runAs(how, "dev");
  expect(out).toMatch(/^Stack "dev" in us-east-1: at least \$1 a month\n/);
  expect(out).toContain("A deployment would be refused: b (wafv2.IpSet): the rehearsal knows no such type");
});

test("a stack that scales says what each task more costs, unless the tasks are given", async () => {
  const medium = ["dev", ...inVirginia, "--set", "nango:size=medium"];
  expect((await run(...medium)).out).toContain("the fewest tasks, 2. Each more, up to 4, costs $36.04.");
  expect((await run(...medium, "--tasks", "3")).out).not.toContain("fewest");
});

test("Spot prices come with their day", async () => {
  const { out } = await run("dev", ...inVirginia, "--set", "nango:spot=true");
  expect(out).toContain("AWS changes Spot prices with supply: these are of 2026-09-28.");
});

test("a class without a price makes the sum the least, with the reason", async () => {
  const { out } = await run("dev", ...inVirginia, "--set", "nango:databaseInstanceClass=db.r8g.large");
  expect(out).toMatch(/^Stack "dev" in us-east-1: at least \$50 a month\n/);
  expect(out).toMatch(/^database {2,}db\.r8g\.large {2,}730 hours {2,}unknown$/m);
  expect(out).toMatch(/^fixed {2,}at least \$48\.10$/m);
  expect(out).toMatch(/^Not known: database, db\.r8g\.large: no price of it is known here for us-east-1\.$/m);
});

test("a region without prices gives no sum, and a way to compare", async () => {
  const { out } = await run("dev", "--set", "aws:region=eu-north-1");
  expect(out).toMatch(
    /^Stack "dev" in eu-north-1: an unknown sum: the prices of eu-north-1 are not known here\n/,
  );
  expect(out).toMatch(/^sum {2,}unknown$/m);
  expect(out).toContain("To compare: npm run cost -- dev --set aws:region=us-east-1");
});

test("a stack on Docker is paid to nobody", async () => {
  expect((await run("local")).out).toBe('Stack "local": nothing is paid to AWS.');
});

test("JSON has every line with its resources, Markdown a table", async () => {
  const { out } = await run("dev", ...inVirginia, "--json");
  const cost = JSON.parse(out) as { fixed: number; complete: boolean; lines: Record<string, unknown>[] };
  expect(cost).toMatchObject({ stack: "dev", region: "us-east-1", complete: true });
  expect(cost.fixed).toBeCloseTo(59.77505, 6);
  expect(cost.lines.find(({ what }) => what === "db.t4g.micro")).toEqual({
    part: "database",
    what: "db.t4g.micro",
    of: ["nango-database"],
    quantity: 730,
    unit: "hours",
    price: 0.016,
    monthly: 11.68,
    asOf: "2026-10-07",
  });
  const { out: text } = await run("dev", ...inVirginia, "--markdown");
  expect(text).toMatch(/^\*\*dev in us-east-1: about \$62 a month\*\*\n\n\| {2}\| {2}\| quantity \|/);
  expect(text).toContain("\n| database | db.t4g.micro | 730 hours | $0.016 | $11.68 |\n");
  expect(text).toContain("\n| **sum** |  |  |  | **$61.79** |\n");
});

test.each([
  [["dev", "--lcu=-1"], "--lcu takes a number that is not negative, not '-1'"],
  [["dev", "--gb-out", "many"], "--gb-out takes a number that is not negative, not 'many'"],
  [["dev", "--gb-out", ""], "--gb-out takes a number that is not negative, not ''"],
  [["dev", "--hours", "744"], "--hours takes a number from 0 to 730, not '744'"],
  [["dev", "--json", "--markdown"], "--json and --markdown exclude each other"],
  [["dev", "--set", "nango:size"], "--set takes key=value, not 'nango:size'"],
  [["dev", "--nat", "3"], "Unknown option '--nat'"],
  [[], "<stack> is missing"],
  [["prodution"], "there is no stack 'prodution'"],
  [["dev", "--set", "nango:size=huge"], 'nango:size = "huge"'],
])("says what is wrong with %j", async (args, message) => {
  const { out, err } = await run(...args);
  expect(out).toBe("");
  expect(err).toContain(message);
});
