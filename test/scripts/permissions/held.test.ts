import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

import { readCommandLine } from "../../../project/command.ts";
import { readProject } from "../../../project/project.ts";
import { commands } from "../../../scripts/commands.ts";
import { heldBy } from "../../../scripts/permissions/command.ts";
import { type Conditions, make } from "../../../scripts/permissions/grant.ts";
import { type Asking, lackingIn } from "../../../scripts/permissions/held.ts";
import { longest, type Policy, policyOf, split } from "../../../scripts/permissions/policy.ts";
import { rehearse } from "../../rehearse.ts";
import { permissions } from "./permissions.ts";

const project = readProject(path.resolve(import.meta.dirname, "../../.."));
const role = "arn:aws:sts::123456789012:assumed-role/nango-ci-dev-deploy/job-7";

/** An AWS that has a role with these policies, two of them on each page. */
function account(policies: readonly object[], arn = role): Asking {
  const named = policies.map((_, index) => `arn:aws:iam::123456789012:policy/nango-ci/part-${index}`);
  return {
    sts: { getCallerIdentity: async () => ({ Account: "123456789012", Arn: arn, $metadata: {} }) },
    iam: {
      listAttachedRolePolicies: async ({ RoleName, Marker }: { RoleName?: string; Marker?: string }) => {
        expect(RoleName).toBe("nango-ci-dev-deploy");
        const from = Number(Marker ?? 0);
        return {
          AttachedPolicies: named.slice(from, from + 2).map((PolicyArn) => ({ PolicyArn })),
          IsTruncated: from + 2 < named.length,
          Marker: String(from + 2),
          $metadata: {},
        };
      },
      getPolicy: async () => ({ Policy: { DefaultVersionId: "v3" }, $metadata: {} }),
      getPolicyVersion: async ({ PolicyArn = "", VersionId }: { PolicyArn?: string; VersionId?: string }) => {
        expect(VersionId).toBe("v3");
        const document = policies[named.indexOf(PolicyArn)];
        return {
          PolicyVersion: { Document: encodeURIComponent(JSON.stringify(document)) },
          $metadata: {},
        };
      },
    } as unknown as Asking["iam"],
  };
}

const ask = async (policies: readonly object[], set: readonly string[] = [], arn = role) =>
  heldBy(
    readCommandLine(commands.permissions, ["dev", "--held", ...set.flatMap((one) => ["--set", one])], {}),
    project,
    async () => account(policies, arn),
    rehearse,
  );

let own: readonly Policy[];
beforeAll(async () => {
  const { grants } = await permissions({ stack: "dev" });
  own = split(policyOf(grants, "deploy"), longest.managed);
}, 300_000);

describe("conditions", () => {
  const on = "arn:aws:rds:eu-central-1:123456789012:db:nango-*";
  const tag = (value: string) => ({ StringEqualsIfExists: { "aws:ResourceTag/Stack": value } });
  const lacking = (when: Conditions, wanted: Conditions) =>
    lackingIn({ statements: [{ actions: ["rds:DeleteDBInstance"], resources: [on], when }] }, [
      make("rds:DeleteDBInstance", [on], { when: wanted }),
    ]);

  test("that are fewer than those that hold allow more: policies of before there were such", () => {
    const name = { StringLike: { "aws:ResourceTag/Name": "nango*" } };
    expect(lacking(name, { ...name, ...tag("dev") })).toEqual([]);
    expect(lacking({}, tag("dev"))).toEqual([]);
  });

  test("that are others, or more, lack it", () => {
    expect(lacking(tag("production"), tag("dev"))).toEqual([`rds:DeleteDBInstance on ${on}`]);
    expect(lacking(tag("dev"), {})).toEqual([`rds:DeleteDBInstance on ${on}`]);
  });
});

describe("a role", () => {
  test("that has what is printed for its stack lacks nothing", async () => {
    expect(own.length).toBeGreaterThan(2);
    expect(await ask(own)).toEqual({
      lacking: [],
      output: 'The role nango-ci-dev-deploy may do all that deploying "dev" takes.',
    });
  });

  test("that may do everything lacks nothing", async () => {
    const administrator = { Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
    expect((await ask([administrator])).lacking).toEqual([]);
  });

  test("lacks what a change adds, and is told what to do", async () => {
    const { lacking, output } = await ask(own, ["nango:replicas=2"]);
    expect(lacking.join("\n")).toContain("elasticache:CreateReplicationGroup on ");
    expect(output).toMatch(
      /^The role nango-ci-dev-deploy lacks what the stack "dev" takes as its file is now:\n {2}- /,
    );
    expect(output).toMatch(/and \d+ more\n.*npm run bootstrap.*Then deploy again\.$/s);
  });

  test("lacks nothing where a change takes something away: the old policies delete it", async () => {
    const { grants } = await permissions({ stack: "dev", set: { replicas: "2" } });
    expect((await ask(split(policyOf(grants, "deploy"), longest.managed))).lacking).toEqual([]);
  });

  test("lacks each part of its policies that is not attached", async () => {
    for (const part of own) expect((await ask(own.filter((one) => one !== part))).lacking).not.toEqual([]);
  });

  test("that may make roles with a boundary only lacks that, where the stack gives them none", async () => {
    const boundary =
      "nango:permissionsBoundaryArn=arn:aws:iam::123456789012:policy/nango-ci/nango-ci-dev-boundary";
    const { grants } = await permissions({
      stack: "dev",
      set: { permissionsBoundaryArn: boundary.split("=")[1]! },
    });
    const bounded = split(policyOf(grants, "deploy"), longest.managed);
    expect((await ask(bounded, [boundary])).lacking).toEqual([]);
    const { lacking, output } = await ask(bounded);
    expect([...new Set(lacking.map((line) => line.replace(/ on .*/, "")))]).toEqual([
      "iam:CreateRole",
      "iam:PutRolePolicy",
    ]);
    expect(output).toContain("see that stacks/Pulumi.dev.yaml has the nango:permissionsBoundaryArn");
  });

  test("is not taken to have what a policy denies, or allows under another condition", async () => {
    const denied = own.map(({ Statement }) => ({
      Statement: Statement.map((one) => ({ ...one, Effect: "Deny" })),
    }));
    expect((await ask(denied)).lacking.length).toBeGreaterThan(20);
    const narrower = own.map(({ Statement }) => ({
      Statement: Statement.map((one) => ({
        ...one,
        Condition: { IpAddress: { "aws:SourceIp": "192.0.2.1" } },
      })),
    }));
    expect((await ask(narrower)).lacking.length).toBeGreaterThan(20);
  });
});

test("credentials of no role are said", async () => {
  await expect(ask(own, [], "arn:aws:iam::123456789012:user/ann")).rejects.toThrow(
    /--held looks at the role of whoever asks.*: arn:aws:iam::123456789012:user\/ann/,
  );
});

describe("an AWS that does not say what the role may do", () => {
  const failing = (name: string, message: string) => async (): Promise<never> => {
    throw Object.assign(new Error(message), { name });
  };
  const heldWith = async (asking: Asking) =>
    heldBy(
      readCommandLine(commands.permissions, ["dev", "--held"], {}),
      project,
      async () => asking,
      rehearse,
    );

  test("for want of credentials", async () => {
    const getCallerIdentity = failing("CredentialsProviderError", "Could not load credentials");
    await expect(heldWith({ ...account([]), sts: { getCallerIdentity } })).rejects.toThrow(
      /^What the role may do cannot be read: Could not load credentials\. .*AWS_PROFILE/,
    );
  });

  test("since the role may not ask", async () => {
    const listAttachedRolePolicies = failing(
      "AccessDenied",
      "User: x is not authorized to perform: iam:ListAttachedRolePolicies on resource: y",
    );
    const { iam, sts } = account([]);
    await expect(heldWith({ sts, iam: { ...iam, listAttachedRolePolicies } })).rejects.toThrow(
      "It lacks iam:ListAttachedRolePolicies",
    );
  });
});
