import { describe, expect, test } from "vitest";
import { policies } from "../../policy/policies/index.ts";
import type { RecordedResource } from "../../rehearsal/rehearse.ts";
import { leaks, secretPlaces } from "../secrecy.ts";
import { ofType, the } from "./find.ts";
import { configOf, deployed, topologies, type Topology, topologyNames } from "./topologies.ts";

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

const statements = (document: unknown): Statement[] =>
  (JSON.parse(document as string) as { Statement: Statement[] }).Statement;

/** What AWS encrypts and shows to nobody. A tag, a name or a task definition is not among it, marked or not. */
const holdingSecrets = [
  "SecretVersion secretString",
  "Instance password",
  "ReplicationGroup authToken",
  "Domain advancedSecurityOptions.masterUserOptions.masterUserPassword",
  "Image registry.password",
];

/** The policies that a topology gives up, by a setting that says so. */
const givenUp: Partial<Record<Topology, string[]>> = {
  "plain HTTP": ["https-only"],
  "large, internal, on Spot": ["contained-containers"],
};

describe.each(topologyNames)("the stack %s", (topology) => {
  test("keeps every policy, and leaves none unjudged", async () => {
    const { kept, unknown, violations, accepted } = (await deployed(topology)).policies;
    expect({ unknown, violations }).toEqual({ unknown: [], violations: [] });
    expect(accepted.map(({ policy }) => policy)).toEqual(givenUp[topology] ?? []);
    expect(kept).toHaveLength(policies.length - accepted.length);
  });

  test("keeps and shows no secret in the clear", async () => {
    const options = topologies[topology];
    expect(leaks(await deployed(topology), "secrets" in options ? options.secrets : {})).toEqual([]);
  });

  test("hands secrets only to what is made to hold one", async () => {
    const rehearsal = await deployed(topology);
    const places = secretPlaces(rehearsal);
    expect(places).toContain("SecretVersion secretString");
    expect(places.filter((place) => !holdingSecrets.includes(place))).toEqual([]);
  });

  test("opens nothing but the load balancer", async () => {
    const rehearsal = await deployed(topology);
    const groups = new Map<unknown, RecordedResource>(
      ofType(rehearsal, "ec2/securityGroup:SecurityGroup").map((group) => [group.id, group]),
    );
    for (const group of groups.values()) {
      expect(group.inputs, group.name).not.toHaveProperty("ingress");
      expect(group.inputs, group.name).not.toHaveProperty("egress");
    }
    const nameOf = (id: unknown) => {
      const group = groups.get(id);
      return group === undefined
        ? "?"
        : `${group.parent?.split("::").at(-2)?.split("$").at(-1)} ${group.name}`;
    };
    for (const rule of ofType(rehearsal, "SecurityGroupIngressRule")) {
      const { securityGroupId, referencedSecurityGroupId, cidrIpv4, ipProtocol, fromPort, toPort } =
        rule.inputs;
      const to = nameOf(securityGroupId);
      expect([ipProtocol, fromPort], rule.name).toEqual(["tcp", toPort]);
      if (cidrIpv4 !== undefined) expect(to).toBe("nango:aws:LoadBalancer nango");
      else if (/Database|Cache|Search/.test(to))
        expect(nameOf(referencedSecurityGroupId)).toBe("nango:aws:TaskSecurityGroup nango-tasks");
      else
        expect([to, nameOf(referencedSecurityGroupId)]).toEqual([
          "nango:aws:TaskSecurityGroup nango-tasks",
          "nango:aws:LoadBalancer nango",
        ]);
    }
    for (const rule of ofType(rehearsal, "SecurityGroupEgressRule")) {
      if (rule.inputs["cidrIpv4"] !== undefined)
        expect(nameOf(rule.inputs["securityGroupId"])).toBe("nango:aws:TaskSecurityGroup nango-tasks");
    }
  });

  test("lets ECS read its one secret and write its one log group, and the task nothing", async () => {
    const rehearsal = await deployed(topology);
    const secret = the(rehearsal, "secretsmanager/secret:Secret").outputs["arn"];
    const execution = the(rehearsal, "iam/rolePolicy:RolePolicy", "nango-execution");
    const [readSecret, writeLogs, ...others] = statements(execution.inputs["policy"]);
    expect(readSecret).toEqual({
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: secret,
    });
    expect(writeLogs).toMatchObject({
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: expect.stringMatching(/log-group:nango-.*:\*$/),
    });
    expect(others).toEqual([]);
    const ofTask = ofType(rehearsal, "iam/rolePolicy:RolePolicy").filter(({ name }) => name === "nango-task");
    const { executeCommand, permissionsBoundaryArn } = configOf(topology).service;
    expect(
      ofTask.flatMap(({ inputs }) => statements(inputs["policy"]).flatMap(({ Action }) => Action)),
    ).toEqual(
      executeCommand
        ? ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
            (action) => `ssmmessages:${action}`,
          )
        : [],
    );
    for (const role of ofType(rehearsal, "iam/role:Role")) {
      expect(role.inputs["permissionsBoundary"]).toBe(permissionsBoundaryArn);
      expect(statements(role.inputs["assumeRolePolicy"])).toEqual([
        {
          Effect: "Allow",
          Principal: {
            Service: `${role.name === "nango-office-hours" ? "scheduler" : "ecs-tasks"}.amazonaws.com`,
          },
          Action: "sts:AssumeRole",
        },
      ]);
    }
  });

  test("encrypts and checks whatever travels, unless it was told to serve plain HTTP", async () => {
    const rehearsal = await deployed(topology);
    const listeners = ofType(rehearsal, "lb/listener:Listener").map(({ inputs }) => inputs);
    const forwarding = listeners.filter(
      ({ defaultActions }) => (defaultActions as { type: string }[])[0]?.type === "forward",
    );
    if (configOf(topology).access.https === undefined) {
      expect(forwarding.map(({ port, protocol }) => [port, protocol])).toEqual([[80, "HTTP"]]);
      return;
    }
    expect(forwarding).toMatchObject([
      { port: 443, protocol: "HTTPS", sslPolicy: expect.stringMatching(/TLS13-1-2/) },
    ]);
    const redirecting = listeners.filter((listener) => !forwarding.includes(listener));
    expect(redirecting).toMatchObject([
      {
        port: 80,
        defaultActions: [
          { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
        ],
      },
    ]);
  });
});

test("the search domain and the cache are closed, encrypted and logged into", async () => {
  const rehearsal = await deployed("search and records");
  const domain = the(rehearsal, "opensearch/domain:Domain").inputs;
  expect(domain).toMatchObject({
    domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
    nodeToNodeEncryption: { enabled: true },
    encryptAtRest: { enabled: true },
    advancedSecurityOptions: { enabled: true, internalUserDatabaseEnabled: true },
    autoTuneOptions: { desiredState: "DISABLED" },
    clusterConfig: { dedicatedMasterEnabled: true, dedicatedMasterCount: 3, zoneAwarenessEnabled: true },
  });
  expect((domain["vpcOptions"] as { subnetIds: string[] }).subnetIds).toHaveLength(2);
  const [statement] = statements(domain["accessPolicies"]);
  expect(statement).toMatchObject({
    Action: "es:ESHttp*",
    Resource: expect.stringMatching(/:domain\/nango-search-dev-[0-9a-f]+\/\*$/),
  });
  const cache = the(rehearsal, "elasticache/replicationGroup:ReplicationGroup");
  expect(cache.inputs).toMatchObject({
    engine: "valkey",
    transitEncryptionEnabled: true,
    atRestEncryptionEnabled: true,
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
  });
  expect(cache.secretInputs).toContain("authToken");
  const logs = the(rehearsal, "cloudwatch/logResourcePolicy:LogResourcePolicy");
  expect(statements(logs.inputs["policyDocument"])).toMatchObject([
    {
      Principal: { Service: "es.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": expect.stringMatching(/^\d{12}$/) } },
    },
  ]);
});
