import { expect, test } from "vitest";
import { UserError } from "../../../project/user-error.ts";
import { bad, good, type Result, warning } from "../../../scripts/checks/check.ts";
import { beforeUp } from "../../../scripts/preflight/before-up.ts";
import { readProject } from "../../../project/project.ts";

const project = readProject(".");
const quota = { id: "quotas", title: "Quotas", about: "VPCs" };
const fine: Result = { ...quota, ...good("1 of 5") };
const full: Result = { ...quota, ...bad("5 of 5", "ask for more") };
const near: Result = {
  id: "free-plan",
  title: "Free plan",
  ...warning("the account is on AWS's free plan", "upgrade it"),
};
const unknown: Result = {
  ...quota,
  ...warning("could not be asked: these credentials may not x:Y", "allow it"),
};

const broken: Result = {
  id: "policies",
  title: "Policies",
  about: "backups",
  ...bad("rds.Instance data is not backed up", "keep backups"),
};

const before = (...results: Result[]) =>
  beforeUp(
    project,
    { stack: "acme/nango/dev", canAsk: false },
    { color: false, columns: 80 },
    async () => results,
  );

test("where all is well a deployment is told so in a line", async () => {
  expect(await before(fine, fine)).toBe("Preflight: 2 things are in order.\n");
});

test("what may be in the way is shown, and what could not be asked is counted", async () => {
  expect(await before(fine, near, unknown)).toBe(`⚠ Free plan  the account is on AWS's free plan
             → upgrade it
               docs/preflight.md#free-plan
Preflight: 1 thing is in order, 1 could not be asked (npm run preflight -- dev).
`);
});

test("what is in the way ends it, with the way out", async () => {
  await expect(before(fine, full)).rejects.toThrow(UserError);
  await expect(before(fine, full, near)).rejects.toThrow(
    /^✘ Quotas {5}VPCs: 5 of 5\n.*→ ask for more\n.*\n⚠ Free plan .*--skip-preflight deploys all the same\.$/s,
  );
});

test("a policy that is broken ends it, unless policies are skipped", async () => {
  await expect(before(fine, broken)).rejects.toThrow(
    /^✘ Policies +backups: rds\.Instance data is not backed up\n.*since a policy is broken.*npm run up -- dev --skip-policies deploys all the same\.$/s,
  );
  await expect(before(full, broken)).rejects.toThrow(
    /since this would fail.*--skip-preflight --skip-policies deploys/s,
  );
  const look = async () => [fine, broken];
  const coming = { stack: "dev", canAsk: false, skipsPolicies: true };
  expect(await beforeUp(project, coming, { color: false, columns: 80 }, look)).toBe(
    "Preflight: 1 thing is in order.\n",
  );
});
