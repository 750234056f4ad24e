import { expect, test, vi } from "vitest";
import {
  bindAlarms,
  type DeploymentAlarms,
  differ,
  type FoundAlarms,
} from "../../../infra/aws/deploying/deployment-alarms.ts";
import { startStubbedAws } from "../../stubbed-aws.ts";

const heeded: DeploymentAlarms = { names: ["nango-dev-deployment-errors"], enabled: true };
const unheeded: DeploymentAlarms = { ...heeded, enabled: false };

/** A service that ECS says heeds alarms or not; undefined where it never had any. */
function service(enable: boolean | undefined): FoundAlarms {
  const alarms = enable === undefined ? [] : [{ alarmNames: heeded.names, enable, rollback: enable }];
  return { deploymentConfigurations: [{ alarms }] };
}

test.each<[string, DeploymentAlarms | undefined, FoundAlarms, boolean]>([
  ["never had any", undefined, service(undefined), false],
  ["lost them", undefined, service(true), true],
  ["has them switched off", undefined, service(false), false],
  ["heeds them as it should", heeded, service(true), false],
  ["does not heed them since they were away", heeded, service(false), true],
  ["has them for the time being switched off", unheeded, service(false), false],
  ["is told of by an older provider", undefined, {}, false],
])("a service that %s", (_, wanted, found, expected) => {
  expect(differ(wanted, found)).toBe(expected);
});

test.each([
  [undefined, { alarmNames: [], enable: false, rollback: false }],
  [heeded, { alarmNames: heeded.names, enable: true, rollback: true }],
])("alarms are changed, and all else that a deployment goes by stays: %o", async (wanted, alarms) => {
  const stub = await startStubbedAws({
    container: "none",
    tasks: [],
    scripted: [{ operation: "UpdateService", answer: { body: {} } }],
  });
  for (const [name, value] of Object.entries(stub.environment)) vi.stubEnv(name, value);
  await bindAlarms({ region: "us-east-1" }, { cluster: "c", service: "s" }, wanted).finally(() =>
    stub.close(),
  );
  vi.unstubAllEnvs();
  expect(stub.calls.map(({ operation, input }) => [operation, input])).toEqual([
    [
      "UpdateService",
      {
        cluster: "c",
        service: "s",
        deploymentConfiguration: {
          minimumHealthyPercent: 100,
          maximumPercent: 200,
          deploymentCircuitBreaker: { enable: true, rollback: true },
          alarms,
        },
      },
    ],
  ]);
});
