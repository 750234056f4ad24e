import { expect, test } from "vitest";
import { the } from "../find.ts";
import { deployed } from "../topologies.ts";
import { deployWithHooks } from "./deploy-with-hooks.ts";

const bound = { alarmNames: ["nango-dev-deployment-errors"], enable: true, rollback: true };

/** What ECS is asked when a stack without alarms is deployed again, and the provider's lookup tells so much. */
async function askedWhere(told: object) {
  const previous = await deployed("dev");
  const service = {
    desiredCount: 1,
    runningCount: 1,
    deployments: [
      { id: "one", status: "PRIMARY", rolloutState: "COMPLETED", desiredCount: 1, runningCount: 1 },
    ],
    deploymentConfiguration: { alarms: bound },
  };
  const answer = { body: { services: [service] } };
  const { rehearsal, calls } = await deployWithHooks(
    {
      tasks: [],
      scripted: [
        { operation: "DescribeServices", answer },
        { operation: "UpdateService", answer: { body: { service } } },
      ],
    },
    {
      previous,
      runHooks: false,
      answers: {
        "aws:ecs/getService:getService": () => ({
          taskDefinition: the(previous, "ecs/taskDefinition:TaskDefinition", "nango").outputs["arn"],
          desiredCount: 1,
          ...told,
        }),
      },
    },
  );
  expect(rehearsal.program).toEqual({ exitCode: 0 });
  return calls.map(({ operation, input }) => [operation, input["deploymentConfiguration"]]);
}

const released = expect.objectContaining({ alarms: { alarmNames: [], enable: false, rollback: false } });

test.each<[string, object]>([
  ["neither numbers of tasks nor alarms", {}],
  ["numbers of tasks but no alarms", { runningCount: 1 }],
])("a lookup that tells %s leaves no alarm at a service that is to have none", async (_, told) => {
  expect(await askedWhere(told)).toEqual([
    ["DescribeServices", undefined],
    ["UpdateService", released],
  ]);
});

test("a lookup that tells everything is believed", async () => {
  const alarms = { runningCount: 1, deploymentConfigurations: [{ alarms: [bound] }] };
  expect(await askedWhere(alarms)).toEqual([["UpdateService", released]]);
  expect(await askedWhere({ runningCount: 1, deploymentConfigurations: [{ alarms: [] }] })).toEqual([]);
});
