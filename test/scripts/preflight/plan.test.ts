import { expect, test } from "vitest";
import { readProject } from "../../../project/project.ts";
import { rehearsePlan } from "../../../scripts/preflight/stack.ts";
import { rehearsal } from "../../rehearsal/recorded.ts";

test.each([
  ["Missing required property 'vpcId'\n  at infra/customize.ts:8:5", "infra/customize.ts"],
  ['nango:size = "tiny" is none of the legal values.', "the stack's file"],
])("what fails is mended where it is: %s", async (message, place) => {
  const failed = async () => rehearsal([], { program: { exitCode: 1, message } });
  const { result } = await rehearsePlan(readProject("."), "dev", failed);
  expect(result.remedy).toContain(`mend it in ${place};`);
});
