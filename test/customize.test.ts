import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { report } from "../rehearsal/report.ts";
import { type RecordedResource, rehearse, type Rehearsal } from "../rehearsal/rehearse.ts";

const project = fileURLToPath(new URL("..", import.meta.url));

/** A copy of the project whose `infra/customize.ts` is the given text. */
function customizedProject(text: string): string {
  const copy = mkdtempSync(join(tmpdir(), "nango-customized-"));
  for (const part of ["infra", "policy", "project", "stacks", "Pulumi.yaml", "package.json"])
    cpSync(join(project, part), join(copy, part), { recursive: true });
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"), "junction");
  writeFileSync(join(copy, "infra/customize.ts"), text);
  return copy;
}

const example = readFileSync(join(project, "docs/examples/customize.ts"), "utf8").replace(
  '"../../infra/customizing.ts"',
  '"./customizing.ts"',
);

describe("the example of infra/customize.ts", () => {
  let directory: string;
  let rehearsal: Rehearsal;
  const all = (type: string): RecordedResource[] =>
    rehearsal.resources.filter((resource) => resource.type === type);

  beforeAll(async () => {
    directory = customizedProject(example);
    rehearsal = await rehearse({ stack: "dev", mode: "update", projectDirectory: directory });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test("runs", () => {
    expect(rehearsal.program).toEqual({ exitCode: 0 });
    expect(rehearsal.findings).toEqual([]);
    expect(rehearsal.policies.violations).toEqual([]);
  });

  test("changes every resource of a class", () => {
    const roles = all("aws:iam/role:Role");
    expect(roles.length).toBeGreaterThan(1);
    for (const role of roles) expect(role.inputs["permissionsBoundary"]).toMatch(/policy\/boundary$/);
    expect(all("aws:rds/instance:Instance")[0]?.inputs["kmsKeyId"]).toMatch(/^arn:aws:kms/);
    expect(all("aws:lb/loadBalancer:LoadBalancer")[0]?.inputs["accessLogs"]).toEqual({
      bucket: "acme-access-logs",
      enabled: true,
    });
  });

  test("adds to an argument of the program's own", () => {
    expect(all("aws:ec2/vpc:Vpc")[0]?.inputs["tags"]).toEqual({
      Name: "nango-network",
      "peering:allowed": "true",
    });
  });

  test("adds a container, and leaves the secrets where they are", () => {
    const containersOf = (name: string) =>
      JSON.parse(
        String(
          all("aws:ecs/taskDefinition:TaskDefinition").find((one) => one.name === name)?.inputs[
            "containerDefinitions"
          ],
        ),
      ) as { name: string }[];
    expect(containersOf("nango").map(({ name }) => name)).toContain("datadog-agent");
    expect(containersOf("nango").map(({ name }) => name)).toContain("server");
    expect(containersOf("nango-migrate").map(({ name }) => name)).not.toContain("datadog-agent");
  });

  test("adds options, and keeps the program's own", () => {
    const [service] = all("aws:ecs/service:Service");
    expect(service?.ignoreChanges).toContain("healthCheckGracePeriodSeconds");
    expect(service?.hooks.beforeCreate).toContain("nango-migrate");
    expect(service?.parent).toMatch(/::nango$/);
  });

  test("adds a resource and an output", () => {
    const added = all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").find(
      ({ name }) => name === "from-vpn",
    );
    const group = rehearsal.resources.find(
      ({ type, name }) => type === "aws:ec2/securityGroup:SecurityGroup" && name === "nango",
    );
    expect(added?.inputs["securityGroupId"]).toBe(group?.id);
    const beside = all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").find(
      ({ name }) => name === "from-nango",
    );
    expect(beside?.inputs["referencedSecurityGroupId"]).toBe(rehearsal.outputs["taskSecurityGroupId"]);
    expect(rehearsal.outputs["vpcId"]).toMatch(/^vpc-/);
    expect(rehearsal.outputs["url"]).toBeDefined();
  });

  test("is told of by npm start: names, no values", () => {
    const text = report(rehearsal);
    expect(text).toContain("infra/customize.ts changes aws:rds/instance:Instance nango-database: kmsKeyId");
    expect(text).toContain("infra/customize.ts changes aws:ecs/service:Service nango: option ignoreChanges");
    expect(text).not.toMatch(/customize\.ts changes .*arn:/);
  });
});

test("what docs/customize.md shows is in the example, which is checked with everything else", () => {
  const page = readFileSync(join(project, "docs/customize.md"), "utf8");
  const [, block = ""] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const lines = block.split("\n").filter((line) => /^ +\S/.test(line));
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(example.split("\n")).toContain(line);
});

/** A container beside Nango's on a laptop, a change without its argument, and one that no stack on a laptop has. */
const onLaptop = `
  import * as docker from "@pulumi/docker";
  import type { Customize } from "./customizing.ts";
  export const customize: Customize = ({ change, addToAws, addToDocker }) => {
    change(docker.Container, ({ name }) => 
      name === "nango-server" ? { args: { dns: ["10.0.0.2"] }, opts: { ignoreChanges: ["memory"] } } : undefined);
    change(docker.Network, () => ({ args: { ipv6: true, driver: undefined } }));
    change(docker.Secret, () => ({ args: { name: "another" } }));
    addToAws(() => ({ wrong: "target" }));
    addToDocker((nango) => {
      new docker.Container("mail", { image: "axllent/mailpit:v1.30", networksAdvanced: [{ name: nango.network.name }] });
      return { mail: "http://localhost:8025" };
    });
  };
`;

test("a stack on a laptop is changed and added to as well, and a change that meets nothing is told", async () => {
  const directory = customizedProject(onLaptop);
  try {
    const rehearsal = await rehearse({ stack: "local", mode: "update", projectDirectory: directory });
    const found = (type: string, name: string) =>
      rehearsal.resources.find((one) => one.type === type && one.name === name);
    expect({ ...rehearsal.program, findings: rehearsal.findings }).toEqual({ exitCode: 0, findings: [] });
    const server = found("docker:index/container:Container", "nango-server");
    expect(server).toMatchObject({ inputs: { dns: ["10.0.0.2"] }, ignoreChanges: ["platform", "memory"] });
    const network = found("docker:index/network:Network", "nango")?.inputs;
    expect(network).toMatchObject({ ipv6: true });
    expect(network).not.toHaveProperty("driver");
    const mail = found("docker:index/container:Container", "mail")?.inputs;
    expect(mail).toHaveProperty("networksAdvanced.0.name", network?.["name"] ?? expect.any(String));
    expect(rehearsal.outputs).toMatchObject({ mail: "http://localhost:8025" });
    expect(rehearsal.outputs).not.toHaveProperty("wrong");
    const told = rehearsal.messages.map(({ text }) => text).filter((text) => text.includes("customize"));
    expect(told).toEqual([
      "infra/customize.ts changes docker:index/network:Network nango: ipv6, driver",
      "infra/customize.ts changes docker:index/container:Container nango-server: dns, option ignoreChanges",
      "infra/customize.ts changes docker:index/secret:Secret, of which this stack has none",
    ]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("the file that ships changes nothing and loads no SDK", () => {
  const shipped = readFileSync(join(project, "infra/customize.ts"), "utf8");
  expect(shipped).not.toMatch(/^import (?!type )/m);
  expect(shipped).toContain("export const customize: Customize = () => {};");
});
