import { describe, expect, test } from "vitest";

import type { BootstrapConfig } from "../../bootstrap/configuration.ts";
import { issuersFor, type Purpose, purposes, trustPolicy } from "../../bootstrap/trust.ts";
import { actionOf, isAmong } from "../scripts/permissions/reference.ts";
import { gitHubToken, gitLabToken, letsIn, type Token } from "./claims.ts";

const config: BootstrapConfig = {
  region: "eu-central-1",
  github: { owner: "acme", ownerId: "1234567", name: "nango", id: "456789012" },
  gitlab: { path: "acme/nango", id: "12345678" },
  branch: "main",
  stacks: ["dev", "production"],
  pullRequests: ["dev"],
  backend: undefined,
};

function policyOf(purpose: Purpose, stack: string) {
  return trustPolicy(
    issuersFor(config).map(({ host, conditions }) => ({
      providerArn: `arn:aws:iam::123456789012:oidc-provider/${host}`,
      conditions: conditions(purpose, stack),
    })),
  );
}

/** The roles that a token gets, as `<purpose> <stack>`. */
function rolesOf(token: Token): string[] {
  return config.stacks.flatMap((stack) =>
    purposes
      .filter((purpose) => letsIn(policyOf(purpose, stack), token))
      .map((purpose) => `${purpose} ${stack}`),
  );
}

const main = { ref: "refs/heads/main" };
const pull = { ref: "refs/pull/7/merge", event: "pull_request" };
const looking = ["preview dev", "drift dev", "preview production", "drift production"];

describe("a job on GitHub", () => {
  test.each([
    ["of the branch that deploys", gitHubToken(main), looking],
    ["of a schedule", gitHubToken({ ...main, event: "schedule" }), looking],
    ["with the older subject", gitHubToken(main, { immutable: false }), looking],
    ["in the environment of dev", gitHubToken({ ...main, environment: "dev" }), ["deploy dev"]],
    ["in that of production", gitHubToken({ ...main, environment: "production" }), ["deploy production"]],
    [
      "in that of production, with the older subject",
      gitHubToken({ ...main, environment: "production" }, { immutable: false }),
      ["deploy production"],
    ],
    ["of a pull request from a branch of the repository", gitHubToken(pull), ["preview dev"]],
  ] as const)("%s gets its roles", (_, token, roles) => {
    expect(rolesOf(token)).toEqual(roles);
  });

  test.each([
    // GitHub gives such a run no token of the repository it is for; in the fork it runs as the fork.
    // https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflows-in-forked-repositories
    ["of a fork, on its main", gitHubToken(main, { owner: "mallory", ownerId: "666", id: "667" })],
    [
      "of a fork, in an environment called production",
      gitHubToken({ ...main, environment: "production" }, { owner: "mallory", ownerId: "666", id: "667" }),
    ],
    [
      "of a fork's pull request to itself",
      gitHubToken(pull, { owner: "mallory", ownerId: "666", id: "667" }),
    ],
    [
      "of pull_request_target, whose context would be a pull request's",
      { ...gitHubToken(pull), ref: "refs/heads/main" },
    ],
    ["of another branch", gitHubToken({ ref: "refs/heads/feature" })],
    [
      "of another branch, in the environment of production",
      gitHubToken({ ref: "refs/heads/feature", environment: "production" }),
    ],
    [
      "of a pull request, in the environment of production",
      gitHubToken({ ...pull, environment: "production" }),
    ],
    ["of a tag called main", gitHubToken({ ref: "refs/tags/main" })],
    ["of a branch whose name goes on", gitHubToken({ ref: "refs/heads/main-2" })],
    ["in an environment whose name goes on", gitHubToken({ ...main, environment: "production-eu" })],
    [
      "in an environment that looks like two",
      gitHubToken({ ...main, environment: "x:environment:production" }),
    ],
    ["of a repository whose name goes on", gitHubToken(main, { name: "nango-evil", id: "2" })],
    ["of an owner whose name goes on", gitHubToken(main, { owner: "acme-evil", ownerId: "3", id: "2" })],
    ["of whoever took the names after they were given up", gitHubToken(main, { ownerId: "3", id: "2" })],
    [
      "of whoever took the names, with the older subject",
      gitHubToken(main, { ownerId: "3", id: "2", immutable: false }),
    ],
    ["of the repository under another name", gitHubToken(main, { name: "renamed" })],
    ["for another audience", { ...gitHubToken(main), aud: "https://github.com/acme" }],
    ["of another issuer", { ...gitHubToken(main), iss: "token.actions.example.com" }],
  ])("%s gets none", (_, token) => {
    expect(rolesOf(token)).toEqual([]);
  });
});

describe("a job on GitLab", () => {
  const onMain = { ref: "main", isProtected: true };

  test.each([
    [
      "of the branch that deploys",
      gitLabToken(onMain),
      ["preview dev", "deploy dev", "preview production", "deploy production"],
    ],
    ["of a schedule", gitLabToken({ ...onMain, source: "schedule" }), ["drift dev", "drift production"]],
    [
      "of a merge request from a branch of the project",
      gitLabToken({ ref: "feature", source: "merge_request_event" }),
      ["preview dev"],
    ],
  ] as const)("%s gets its roles", (_, token, roles) => {
    expect(rolesOf(token)).toEqual(roles);
  });

  test.each([
    // Its token is the fork's, also where a member lets it run in the project: https://gitlab.com/gitlab-org/gitlab/-/issues/561735
    [
      "of a fork's merge request",
      gitLabToken({ ref: "main", source: "merge_request_event" }, { path: "mallory/nango", id: "667" }),
    ],
    ["of a fork, on its protected main", gitLabToken(onMain, { path: "mallory/nango", id: "667" })],
    ["of whoever took the path after it was given up", gitLabToken(onMain, { id: "667" })],
    ["of the branch that deploys, unprotected", gitLabToken({ ref: "main" })],
    ["of another branch", gitLabToken({ ref: "feature", isProtected: true })],
    ["of a tag called main", gitLabToken({ ...onMain, refType: "tag" })],
    ["of a project whose name goes on", gitLabToken(onMain, { path: "acme/nango-evil", id: "2" })],
    ["that another pipeline started", gitLabToken({ ...onMain, source: "pipeline" })],
    ["for another audience", { ...gitLabToken(onMain), aud: "https://vault.example.com" }],
  ])("%s gets none", (_, token) => {
    expect(rolesOf(token)).toEqual([]);
  });
});

test("AWS knows every claim that is asked for", async () => {
  const action = await actionOf("sts:AssumeRoleWithWebIdentity");
  const keys = purposes
    .flatMap((purpose) => policyOf(purpose, "dev").Statement)
    .flatMap(({ Condition }) => Object.values(Condition).flatMap((test) => Object.keys(test)));
  // These two are AWS's own for every issuer, and the reference has them for some.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
  const unknown = keys.filter(
    (key) => !/:(aud|sub)$/.test(key) && !isAmong(key, action?.conditionKeys ?? []),
  );
  expect(unknown).toEqual([]);
  expect(new Set(keys).size).toBeGreaterThan(8);
});

test("every statement asks for the audience, the subject and the ID of the repository", () => {
  for (const purpose of purposes) {
    for (const { Condition } of policyOf(purpose, "dev").Statement) {
      const keys = Object.values(Condition).flatMap((test) =>
        Object.keys(test).map((key) => key.replace(/^.*:/, "")),
      );
      expect(keys).toEqual(expect.arrayContaining(["aud", "sub"]));
      expect(keys.some((key) => ["repository_id", "project_id"].includes(key))).toBe(true);
    }
  }
});
