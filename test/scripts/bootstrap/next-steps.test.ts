import { expect, test } from "vitest";

import type { BootstrapConfig } from "../../../bootstrap/configuration.ts";
import type { BootstrapOutputs, StackInPipeline } from "../../../bootstrap/outputs.ts";
import { nextSteps } from "../../../scripts/bootstrap/next-steps.ts";

const inPipeline = (stack: string): StackInPipeline => ({
  account: "123456789012",
  region: "eu-central-1",
  environment: stack,
  backend: "s3://nango-state-1?region=eu-central-1",
  secretsProvider: `awskms:///key?region=eu-central-1&context_stack=${stack}`,
  permissionsBoundary: `arn:aws:iam::123456789012:policy/nango-ci/nango-ci-${stack}-boundary`,
  pullRequests: stack === "staging",
  roles: { preview: "p", deploy: "d", drift: "f" },
});
const config: BootstrapConfig = {
  region: "eu-central-1",
  github: { owner: "acme", ownerId: "1", name: "nango", id: "2" },
  gitlab: undefined,
  branch: "main",
  stacks: ["staging", "production"],
  pullRequests: ["staging"],
  backend: undefined,
};
// Pulumi sorts names in outputs.
const outputs: BootstrapOutputs = {
  backend: "s3://nango-state-1?region=eu-central-1",
  secretsKeyArn: "key",
  pipeline: { production: inPipeline("production"), staging: inPipeline("staging") },
};

test("the variable has the stacks in the order of deployment", () => {
  const [, json = ""] =
    /gh variable set NANGO_PIPELINE --repo acme\/nango --body '(.*)'/.exec(
      nextSteps(config, outputs, "nango"),
    ) ?? [];
  const variable = JSON.parse(json) as Record<string, StackInPipeline>;
  expect(Object.keys(variable)).toEqual(["staging", "production"]);
  expect(variable["production"]).toEqual(inPipeline("production"));
});

test("each stack gets an environment for the one branch, its key and its boundary", () => {
  const lines = nextSteps(config, outputs, "nango")
    .split("\n")
    .map((line) => line.trim());
  for (const stack of config.stacks) {
    const of = `repos/acme/nango/environments/${stack}`;
    expect(lines).toContain(
      `gh api --silent ${of} || gh api --silent --method PUT ${of} -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'`,
    );
    expect(lines).toContain(`gh api --silent --method POST ${of}/deployment-branch-policies -f name=main`);
    expect(lines).toContain(
      `npx pulumi stack init ${stack} --secrets-provider '${inPipeline(stack).secretsProvider}'`,
    );
    expect(lines).toContain(
      `npx pulumi config set -s ${stack} nango:permissionsBoundaryArn ${inPipeline(stack).permissionsBoundary}`,
    );
  }
});

test("GitLab gets its own command, and none of GitHub's", () => {
  const text = nextSteps(
    { ...config, github: undefined, gitlab: { path: "acme/nango", id: "3" } },
    outputs,
    "nango",
  );
  expect(text).toContain("glab variable set NANGO_PIPELINE --repo acme/nango --raw '{");
  expect(text).not.toMatch(/\bgh /);
});
