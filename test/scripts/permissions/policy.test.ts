import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { look, make, operate, run } from "../../../scripts/permissions/grant.ts";
import { lengthOf, longest, matches, policyOf, split } from "../../../scripts/permissions/policy.ts";

const role = "arn:aws:iam::123456789012:role/nango-task-*";
const other = "arn:aws:iam::123456789012:role/nango-execution-*";
const whenTagged = { StringLike: { "aws:ResourceTag/Name": "nango*" } };

describe("a policy", () => {
  test("has one statement for what differs in its actions, or in its resources, only", () => {
    const { Statement } = policyOf(
      [
        make("iam:CreateRole DeleteRole", [role]),
        make("iam:TagRole", [role]),
        make("iam:DeleteRole", [other]),
        make("iam:CreateRole TagRole", [other]),
      ],
      "deploy",
    );
    expect(Statement).toEqual([
      {
        Effect: "Allow",
        Action: ["iam:CreateRole", "iam:DeleteRole", "iam:TagRole"],
        Resource: [other, role],
      },
    ]);
  });

  test("puts nothing together that differs in both, or in its conditions", () => {
    const grants = [
      make("iam:CreateRole", [role]),
      make("iam:DeleteRole", [other]),
      make("iam:TagRole", [role], { when: whenTagged }),
    ];
    expect(policyOf(grants, "deploy").Statement).toEqual([
      { Effect: "Allow", Action: ["iam:CreateRole"], Resource: [role] },
      { Effect: "Allow", Action: ["iam:DeleteRole"], Resource: [other] },
      { Effect: "Allow", Action: ["iam:TagRole"], Resource: [role], Condition: whenTagged },
    ]);
  });

  test("allows a purpose what is granted for it, and no other", () => {
    const grants = [look("ecs:A", ["*"]), run("ecs:B", ["*"]), make("ecs:C", ["*"]), operate("ecs:D", ["*"])];
    const actions = (purpose: "deploy" | "preview" | "operate") =>
      policyOf(grants, purpose).Statement.flatMap(({ Action }) => Action);
    expect(actions("preview")).toEqual(["ecs:A"]);
    expect(actions("deploy")).toEqual(["ecs:A", "ecs:B", "ecs:C"]);
    expect(actions("operate")).toEqual(["ecs:A", "ecs:B", "ecs:D"]);
  });

  test("names no resource that another pattern beside it covers", () => {
    const { Statement } = policyOf([make("logs:PutLogEvents", ["a:nango-*", "a:nango-search-*"])], "deploy");
    expect(Statement.map(({ Resource }) => Resource)).toEqual([["a:nango-*"]]);
  });

  test("has no statement about nothing", () => {
    expect(policyOf([make("logs:PutLogEvents", [])], "deploy").Statement).toEqual([]);
  });
});

test("split, it says the same in parts that each fit", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,20}$/), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(names, fc.integer({ min: 200, max: 2000 }), (roles, most) => {
      const grants = roles.map((name) => make(`iam:${name}`, [`arn:aws:iam::123456789012:role/${name}`]));
      const whole = policyOf(grants, "deploy");
      const parts = split(whole, most);
      expect(parts.flatMap(({ Statement }) => Statement)).toEqual(whole.Statement);
      for (const part of parts) expect(lengthOf(part)).toBeLessThanOrEqual(most);
    }),
  );
  expect(longest).toEqual({ managed: 6144, inline: 10_240 });
});

test.each([
  ["arn:aws:s3:::a/*", "arn:aws:s3:::a/b/c", true],
  ["arn:aws:s3:::a/*", "arn:aws:s3:::ab", false],
  ["secret:nango-??????", "secret:nango-AbCdEf", true],
  ["secret:nango-??????", "secret:nango-AbCdE", false],
  ["a.b", "axb", false],
])("the pattern %s against %s: %s", (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});
