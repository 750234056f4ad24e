import { expect, test } from "vitest";
import { hasOutputs, unknownOutputs, withoutOutputs } from "../../../scripts/pulumi/outputs.ts";
import { resource, state } from "./state.ts";

const cluster = resource("aws:ecs/cluster:Cluster", "nango", { outputs: { name: "nango-1234567" } });
const service = resource("aws:ecs/service:Service", "nango", { outputs: { name: "nango-89abcde" } });
const logGroup = resource("aws:cloudwatch/logGroup:LogGroup", "nango", {
  outputs: { name: "nango-fedcba9" },
});
const subnets = ["public-0", "public-1"].map((name) =>
  resource("aws:ec2/subnet:Subnet", `nango-network-${name}`),
);
const place = { region: "eu-central-1", profile: undefined };

test("a stack has outputs once its own resource has some", () => {
  const root = (outputs: object) => resource("pulumi:pulumi:Stack", "nango-dev", { outputs: { ...outputs } });
  expect(hasOutputs({ resources: [root({ url: "https://nango.example.com" })], pendingOperations: [] })).toBe(
    true,
  );
  expect(hasOutputs({ resources: [root({}), cluster], pendingOperations: [] })).toBe(false);
  expect(hasOutputs(state([cluster]))).toBe(false);
});

test("of a name that no output has, it is said which there are", () => {
  const outputs = { url: "https://nango.acme.dev", tailLogs: "aws logs tail" };
  const root = resource("pulumi:pulumi:Stack", "nango-dev", { outputs });
  const deployed = { resources: [root], pendingOperations: [] };
  expect(unknownOutputs(deployed, ["--json", "taillog"])).toBe(
    '"taillog" is no output of this stack. Did you mean tailLogs? It has tailLogs, url.',
  );
  expect(unknownOutputs(deployed, ["--json", "url"])).toBeUndefined();
});

test("without outputs there are the resources by kind, where to look and what to do", () => {
  const provider = resource("pulumi:providers:aws", "default");
  const text = withoutOutputs("dev", state([provider, ...subnets, cluster, service, logGroup]), "aws", place);
  expect(text).toContain(
    "There are 5 resources:\n  2 ec2.Subnet, 1 cloudwatch.LogGroup, 1 ecs.Cluster, 1 ecs.Service\n",
  );
  expect(text).toContain(
    "aws ecs describe-services --region eu-central-1 --cluster nango-1234567 --services nango-89abcde --query 'services[0].events[:10].message'",
  );
  expect(text).toContain("what containers print: npm run logs -- dev");
  expect(text).toMatch(/docs\/troubleshoot\.md.*\nnpm run up -- dev\. It keeps what there is/);
});

test("a deployment that ended before the service says so", () => {
  const text = withoutOutputs("dev", state([cluster]), "aws", { region: undefined });
  expect(text).toContain("The service is not there: the deployment ended before it, or in the migration.");
  expect(text).not.toMatch(/undefined|--region/);
});

test("what was interrupted is said, too", () => {
  const pendingOperations = [{ type: "creating", resource: service }] as const;
  const text = withoutOutputs("dev", state([], { pendingOperations }), "aws", place);
  expect(text).toContain("creating ecs.Service nango");
});

test("a stack that is not deployed is told how", () => {
  expect(withoutOutputs("dev", state([]), "aws", place)).toBe(
    'Stack "dev" is not deployed: it has no resources. Deploy it: npm run up -- dev',
  );
});

test("on Docker the containers are named", () => {
  const text = withoutOutputs("local", state([resource("docker:index/network:Network", "nango")]), "docker", {
    region: undefined,
  });
  expect(text).toContain("npm run logs -- local");
});
