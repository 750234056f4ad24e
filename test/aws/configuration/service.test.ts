import { describe, expect, test } from "vitest";
import { ofType, the } from "../find.ts";
import { deployed } from "../topologies.ts";
import { hooks, minutes, stacks } from "./stacks.ts";

describe.each(stacks)("the stack $name", ({ name, config }) => {
  test("keeps the version of its secret that a rolled back deployment goes back to", async () => {
    const rehearsal = await deployed(name);
    const secret = the(rehearsal, "secretsmanager/secret:Secret", "nango");
    const version = the(rehearsal, "secretsmanager/secretVersion:SecretVersion", "nango");
    expect(version.inputs["secretId"]).toBe(secret.id);
    expect(version.retainOnDelete).toBe(true);
    expect(secret.protect).toBe(config.protect);
    expect(hooks(rehearsal, secret, "beforeUpdate")).toHaveLength(config.allowEncryptionKeyChange ? 0 : 1);
  });

  test("runs the tasks that it should run, on what it should run them", async () => {
    const rehearsal = await deployed(name);
    const { replicas, maxReplicas, cpu, memory, spot, executeCommand, logRetentionDays } = config.service;
    const service = the(rehearsal, "ecs/service:Service");
    expect(service.inputs).toMatchObject({
      desiredCount: replicas,
      capacityProviderStrategies: [{ capacityProvider: spot ? "FARGATE_SPOT" : "FARGATE" }],
      // Without it ECS leaves running tasks on the strategy before.
      forceNewDeployment: true,
      enableExecuteCommand: executeCommand,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      waitForSteadyState: true,
    });
    expect(minutes(service.customTimeouts)).toMatchObject({ create: 30, update: 30, delete: 30 });
    expect(the(rehearsal, "ecs/taskDefinition:TaskDefinition", "nango").inputs).toMatchObject({
      cpu: String(cpu),
      memory: String(memory),
      skipDestroy: true,
    });
    for (const moment of ["beforeCreate", "beforeUpdate"] as const)
      expect(hooks(rehearsal, service, moment)).toContain("nango-migrate");
    const groups = ofType(rehearsal, "cloudwatch/logGroup:LogGroup").filter((made) => made.name === "nango");
    expect(groups.map(({ inputs }) => inputs["retentionInDays"])).toEqual([logRetentionDays]);

    const targets = ofType(rehearsal, "appautoscaling/target:Target");
    expect(targets.map(({ inputs }) => [inputs["minCapacity"], inputs["maxCapacity"]])).toEqual(
      maxReplicas > replicas ? [[replicas, maxReplicas]] : [],
    );
    // What scales, or stops by the hour, is not set back by the next deployment.
    expect(service.ignoreChanges.includes("desiredCount")).toBe(
      maxReplicas > replicas || config.service.schedule !== undefined,
    );
    for (const { inputs } of ofType(rehearsal, "appautoscaling/policy:Policy")) {
      const { scaleInCooldown, scaleOutCooldown } = inputs[
        "targetTrackingScalingPolicyConfiguration"
      ] as Cooldowns;
      expect(scaleOutCooldown).toBeLessThan(scaleInCooldown);
    }
  });
});

interface Cooldowns {
  readonly scaleInCooldown: number;
  readonly scaleOutCooldown: number;
}
