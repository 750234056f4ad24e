import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

import { deployedFile, deployedStacks } from "../../../bootstrap/deployed.ts";
import { readCommandLine } from "../../../project/command.ts";
import { readProject } from "../../../project/project.ts";
import type { Properties } from "../../../project/values.ts";
import type { StateResource } from "../../../scripts/pulumi/state.ts";
import type { RecordedResource } from "../../../rehearsal/rehearse.ts";
import { commands } from "../../../scripts/commands.ts";
import { printed } from "../../../scripts/permissions/command.ts";
import { deployedGrants } from "../../../scripts/permissions/deployed.ts";
import { lackingIn } from "../../../scripts/permissions/held.ts";
import type { Policy } from "../../../scripts/permissions/policy.ts";
import type { Permissions } from "../../../scripts/permissions/stack.ts";
import { rehearse } from "../../rehearse.ts";
import { permissions } from "./permissions.ts";

const project = readProject(path.resolve(import.meta.dirname, "../../.."));
/** Dev with everything that may go: Valkey, NAT gateways, a search domain, alarms, office hours, another host name. */
const before = {
  size: "medium",
  logs: "opensearch",
  alarmEmail: "oncall@example.com",
  domain: "old.example.com",
};

async function policyOf(state: readonly RecordedResource[], ...flags: readonly string[]): Promise<Policy> {
  const line = readCommandLine(commands.permissions, ["dev", ...flags], {});
  return JSON.parse((await printed(line, project, rehearse, async () => state)).output) as Policy;
}

const held = ({ Statement }: Policy) => ({
  statements: Statement.map(({ Action, Resource, Condition = {} }) => ({
    actions: Action,
    resources: Resource,
    when: Condition,
  })),
});

describe("a policy for what is deployed as well", () => {
  let had: Permissions;
  beforeAll(async () => {
    had = await permissions({ stack: "dev", set: before });
  }, 300_000);
  /** What takes something away, and what looks at it. */
  const ofWhatGoes = () =>
    had.grants
      .map((grant) => ({
        ...grant,
        actions: grant.actions.filter((action) =>
          /:(Delete|Describe|Get|List|De|Release|Re|Un)/.test(action),
        ),
      }))
      .filter(({ actions }) => actions.length > 0);

  test("takes away all that the configuration has no more, and the policy without does not", async () => {
    const { resources } = had.place;
    expect(lackingIn(held(await policyOf(resources, "--deployed")), ofWhatGoes())).toEqual([]);
    expect(lackingIn(held(await policyOf(resources)), ofWhatGoes()).join("\n")).toMatch(
      /ec2:DeleteNatGateway[^]*elasticache:DeleteReplicationGroup[^]*es:DeleteDomain[^]*sns:DeleteTopic/,
    );
  });

  test("deletes the records of names that are given up, and no others", async () => {
    const { Statement } = await policyOf(had.place.resources, "--deployed");
    const names = Statement.filter(({ Action }) => Action.includes("route53:ChangeResourceRecordSets")).map(
      ({ Condition }) =>
        Condition?.["ForAllValues:StringLike"]?.["route53:ChangeResourceRecordSetsNormalizedRecordNames"],
    );
    expect(names.flat().filter((name) => name?.includes("old.example.com"))).toEqual(
      expect.arrayContaining(["old.example.com", "connect.old.example.com"]),
    );
    for (const name of names.flat()) expect(name).toMatch(/(^|\.)(old|nango-dev)\.example\.com$/);
  });

  test("is the same where nothing goes", async () => {
    const { place } = await permissions({ stack: "dev" });
    expect(await policyOf(place.resources, "--deployed")).toEqual(await policyOf([]));
  });
});

describe("of a state", () => {
  const here = { account: "123456789012", region: "eu-central-1", resources: [], invokes: [] };
  const patterns = (...state: readonly StateResource[]) =>
    deployedGrants(state, { ...here, defaultTagKeys: [], stackTag: undefined }).flatMap(({ on }) => on);
  const resource = (type: string, inputs: Properties, outputs: Properties): StateResource => ({
    urn: `urn:pulumi:dev::nango::${type}::nango`,
    type,
    custom: true,
    inputs,
    outputs,
  });

  test("the names that Pulumi made up are taken for what they are", () => {
    const name = "nango-alarms-1a2b3c4";
    const topic = resource("aws:sns/topic:Topic", { name, __defaults: ["name"] }, { name });
    expect(patterns(topic)).toContain("arn:aws:sns:eu-central-1:123456789012:nango-alarms-*");
    expect(patterns(topic).join()).not.toContain("1a2b3c4");
  });

  test("an empty prefix, which the provider answers for what has none, is not the prefix of all names", () => {
    const name = "nango-task-1a2b3c4";
    const role = resource("aws:iam/role:Role", { name, __defaults: ["name"] }, { name, namePrefix: "" });
    expect([...new Set(patterns(role))]).toEqual(["arn:aws:iam::123456789012:role/nango-task-*"]);
  });

  test("what is random and not yet known, or encrypted, stands for nothing", () => {
    const random = resource("random:index/randomId:RandomId", {}, { hex: "" });
    const name = "nango-database-0a1b2c3d";
    const database = resource("aws:rds/instance:Instance", { identifier: name }, { identifier: name });
    const own = patterns(random, {
      ...database,
      outputs: { identifier: name, finalSnapshotIdentifier: `${name}-final` },
    });
    expect(own).toContain("arn:aws:rds:eu-central-1:123456789012:db:nango-database-0a1b2c3d");
  });
});

describe("npm run bootstrap", () => {
  test("knows of nothing that is deployed where it was told nothing", () => {
    expect(deployedStacks({})).toEqual({});
  });

  test("refuses a file that is none", () => {
    expect(() => deployedStacks({ [deployedFile]: "/no/such/file" })).toThrow(
      /\/no\/such\/file.*cannot be read/,
    );
  });
});
