import { beforeAll, describe, expect, test } from "vitest";

import { catalogued } from "../../../rehearsal/catalogue/index.ts";
import { backendGrants, keyGrants } from "../../../scripts/permissions/backend.ts";
import { type Grant, type Purpose } from "../../../scripts/permissions/grant.ts";
import {
  callPermissions,
  needed,
  reachesAws,
  resourcePermissions,
} from "../../../scripts/permissions/table.ts";
import { type Permissions } from "../../../scripts/permissions/stack.ts";
import { resource } from "../../rehearsal/recorded.ts";
import { configurations, permissions } from "./permissions.ts";
import { type Action, actionOf, isAmong, isOfType } from "./reference.ts";

const found: Permissions[] = [];
const grants: Grant[] = [];

beforeAll(async () => {
  for (const options of Object.values(configurations)) found.push(await permissions(options));
  found.push(...found.slice(0, 1).map(behindFirewall));
  const all = found.flatMap((one) => [
    ...one.grants,
    ...backendGrants(one.place, "s3://acme-state/nango", { project: "nango", stack: "dev" }),
    ...keyGrants(one.place, "awskms://alias/pulumi"),
  ]);
  grants.push(...new Map(all.map((grant) => [JSON.stringify(grant), grant])).values());
}, 300_000);

/** What infra/customize.ts may put in front of the load balancer. */
function behindFirewall({ place, ...rest }: Permissions): Permissions {
  const name = "nango-wall";
  const resources = [
    resource("aws:wafv2/webAcl:WebAcl", name, { inputs: { name }, outputs: { name } }),
    resource("aws:wafv2/webAclAssociation:WebAclAssociation", name),
  ];
  const around = { ...place, resources: [...place.resources, ...resources] };
  return { ...rest, ...needed({ resources, invokes: [], hooks: [] }, around), place: around };
}

/** What a rule finds wrong with what an action is granted on. */
type Rule = (grant: Grant, action: Action, name: string) => readonly string[];

async function faults(rule: Rule): Promise<string[]> {
  const all = await Promise.all(
    grants.flatMap((grant) =>
      grant.actions.map(async (name) => {
        const action = await actionOf(name);
        return (action === undefined ? ["is no action"] : rule(grant, action, name)).map(
          (what) => `${name} ${what}`,
        );
      }),
    ),
  );
  return [...new Set(all.flat())].toSorted();
}

const typesOf = (pattern: string, { resourceTypes }: Action) =>
  resourceTypes.filter((type) => isOfType(pattern, type));

/** Keys that every request has. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const everywhere = ["aws:RequestedRegion"];

const keysIn = ({ when }: Grant) => Object.values(when).flatMap((test) => Object.keys(test));

describe("AWS's service authorization reference", () => {
  test("knows every action, and every pattern as one of a resource that the action is about", async () => {
    const strangers: Rule = ({ on }, action) =>
      on
        .filter((pattern) => pattern !== "*" && typesOf(pattern, action).length === 0)
        .map((pattern) => `cannot be limited to ${pattern}`);
    expect(await faults(strangers)).toEqual([]);
  });

  test("knows every condition key for the action and each of the resources", async () => {
    const unsupported: Rule = ({ on, when, ...grant }, action) =>
      keysIn({ on, when, ...grant })
        .filter((key) => !everywhere.includes(key))
        .flatMap((key) =>
          on
            .filter((pattern) => {
              const types = typesOf(pattern, action);
              return !isAmong(key, [
                ...action.conditionKeys,
                ...types.flatMap(({ conditionKeys }) => conditionKeys),
              ]);
            })
            .map((pattern) => `on ${pattern} has no ${key}`),
        );
    expect(await faults(unsupported)).toEqual([]);
  });

  /** Of these kinds, of which the reference asks for one or the other, nothing is made. */
  const otherKinds = /:(listener(-rule)?\/(net|gwy)|application|datasource)\//;

  test("finds each action allowed on all that one call of it is about", async () => {
    const missing = await Promise.all(
      found.map(async (one) => {
        const actions = [...new Set(one.grants.flatMap((grant) => grant.actions))];
        const lacking = actions.map(async (name) => {
          const on = one.grants.filter((grant) => grant.actions.includes(name)).flatMap((grant) => grant.on);
          const { resourceTypes = [] } = (await actionOf(name)) ?? {};
          return resourceTypes
            .filter(
              (type) =>
                type.required &&
                !otherKinds.test(type.arn) &&
                !on.includes("*") &&
                !on.some((pattern) => isOfType(pattern, type)),
            )
            .map(({ arn }) => `${name} on ${arn.split(":").slice(5).join(":")}`);
        });
        return (await Promise.all(lacking)).flat();
      }),
    );
    expect([...new Set(missing.flat())].toSorted()).toEqual([]);
  });

  test("has no resource types for what is granted on *, unless a reason is given", async () => {
    const wide: Rule = ({ on, because }, { resourceTypes }) =>
      on.includes("*") && resourceTypes.length > 0 && because === undefined ? ["could be limited"] : [];
    expect(await faults(wide)).toEqual([]);
  });
});

test("what anybody's resource could be is granted with a condition that tells ours, or with a reason", () => {
  const own = /nango|:vpc\/vpc-0123456789abcdef0$|:hostedzone\/Z0123456789ABCDEFGHIJ$|acme-state/;
  const wide = grants.filter(
    ({ on, because, ...grant }) =>
      because === undefined &&
      keysIn({ on, ...grant }).every((key) => everywhere.includes(key)) &&
      on.some((pattern) => pattern !== "*" && !own.test(pattern)),
  );
  expect(wide.map(({ actions, on }) => `${actions.join(" ")} on ${on.join(" ")}`)).toEqual([]);
});

test("a reason is given only where one is needed", () => {
  for (const { on, because } of grants) {
    if (because !== undefined) expect(on.every((pattern) => !pattern.includes("nango"))).toBe(true);
  }
});

/** The actions of a purpose that do more than read. */
async function writes(purpose: Purpose): Promise<string[]> {
  const names = grants.filter((grant) => grant.for.includes(purpose)).flatMap(({ actions }) => actions);
  const levels = await Promise.all(
    [...new Set(names)].map(async (name) => ({ name, levels: (await actionOf(name))?.levels ?? [] })),
  );
  return levels
    .filter(({ levels: found }) => !found.every((level) => ["Read", "List"].includes(level)))
    .map(({ name }) => name)
    .toSorted();
}

test("previews write nothing", async () => {
  // Decrypting is called a write, and leaves everything as it is.
  expect(await writes("preview")).toEqual(["kms:Decrypt"]);
});

test("who operates starts and stops, writes the state, and changes nothing else", async () => {
  expect(await writes("operate")).toEqual([
    "application-autoscaling:RegisterScalableTarget",
    "ecs:ExecuteCommand",
    "ecs:RunTask",
    "ecs:StopTask",
    "ecs:TagResource",
    "ecs:UpdateService",
    "iam:PassRole",
    "kms:Decrypt",
    "kms:Encrypt",
    "s3:DeleteObject",
    "s3:PutObject",
    "ssm:StartSession",
  ]);
});

describe("the table", () => {
  test("knows everything that the program makes, asks and runs", () => {
    expect(found.flatMap(({ unknown }) => unknown)).toEqual([]);
  });

  test("knows what the rehearsal's catalogue knows of AWS, and nothing else", () => {
    expect(Object.keys(resourcePermissions).toSorted()).toEqual(
      catalogued.resources.filter(reachesAws).toSorted(),
    );
    expect(Object.keys(callPermissions).toSorted()).toEqual(catalogued.functions.toSorted());
  });

  test("tells for each entry where it is from", () => {
    for (const { source } of [...Object.values(resourcePermissions), ...Object.values(callPermissions)])
      expect(source).toMatch(/^https:\/\/[\w./-]+$/);
  });

  test("tells by their tag Name only what has one that begins with nango", () => {
    for (const { place } of found) {
      for (const resource of place.resources) {
        const told = (resourcePermissions[resource.type]?.grants(resource, place) ?? []).some(
          ({ when, actions }) =>
            when["StringLike"]?.["aws:RequestTag/Name"] !== undefined &&
            actions.some((action) => /:(Create|Allocate|Request)/.test(action)),
        );
        if (told)
          expect([resource.urn, resource.inputs["tags"]]).toEqual([
            resource.urn,
            expect.objectContaining({ Name: expect.stringMatching(/^nango/) }),
          ]);
      }
    }
  });
});
