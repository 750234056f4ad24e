// What infra/customize.ts may write in another way than the program does, and what only looks like a breach.
import { expect, test } from "vitest";
import { UNKNOWN, type Properties } from "../../project/values.ts";
import type { RecordedResource } from "../../rehearsal/rehearse.ts";
import { resource } from "../rehearsal/recorded.ts";
import { objections, objectionsTo } from "./objections.ts";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const CONTAINER = "docker:index/container:Container";
const task = (more: object) => ({ containerDefinitions: JSON.stringify([{ name: "web", ...more }]) });

test.each<[unknown, string[]]>([
  ["HTTP", ["serves over plain HTTP"]],
  ["http", ["serves over plain HTTP"]],
  [undefined, ["serves over plain HTTP"]],
  ["HTTPS", []],
  [UNKNOWN, []],
])("a listener that forwards, with the protocol %s", (protocol, said) => {
  const inputs = { port: 80, protocol, defaultActions: [{ type: "forward" }] };
  expect(objections("https-only", "aws:lb/listener:Listener", inputs)).toEqual(said);
  expect(objections("https-only", "aws:lb/listener:Listener", { defaultActions: [] })).toEqual([]);
});

test("the TLS policy counts however https is written", () => {
  const inputs = { port: 443, protocol: "https", sslPolicy: "ELBSecurityPolicy-2016-08" };
  expect(objections("tls-1.2-at-least", "aws:lb/listener:Listener", inputs)).toHaveLength(1);
});

const checksNothing = "checks no certificate: NODE_TLS_REJECT_UNAUTHORIZED is 0";
test.each<[type: string, inputs: (value: string) => Properties, said: string]>([
  [
    TASK,
    (value) => task({ environment: [{ name: "NODE_TLS_REJECT_UNAUTHORIZED", value }] }),
    `container web ${checksNothing}`,
  ],
  [
    "aws:secretsmanager/secretVersion:SecretVersion",
    (value) => ({ secretString: JSON.stringify({ NODE_TLS_REJECT_UNAUTHORIZED: value }) }),
    checksNothing,
  ],
  [CONTAINER, (value) => ({ envs: [`NODE_TLS_REJECT_UNAUTHORIZED=${value}`] }), checksNothing],
  [
    TASK,
    (value) => task({ command: ["env", `NODE_TLS_REJECT_UNAUTHORIZED=${value}`, "node", "server.js"] }),
    `container web ${checksNothing}`,
  ],
])("whoever has node check no certificate, in %s", (type, inputs, said) => {
  expect(objections("node-safeguards", type, inputs("0"))).toEqual([said]);
  expect(objections("node-safeguards", type, inputs("1"))).toEqual([]);
});

test.each([
  ["postgresql://acme:secret@db/nango?sslmode=verify-full", 0],
  ["postgresql://acme:secret@db/nango?sslmode=no-verify&sslmode=verify-full", 0],
  ["postgresql://acme:secret@db/nango?sslmode=verify-full&sslmode=no-verify", 1],
  ["postgresql://db/nango?user=acme&password=secret", 1],
  ["postgresql://db/nango?user=acme&password=secret&sslmode=verify-full", 0],
  ["postgresql://db/nango", 0],
])("the URL %s", (url, count) => {
  const inputs = { secretString: JSON.stringify({ NANGO_DATABASE_URL: url }) };
  expect(
    objections("verified-database-urls", "aws:secretsmanager/secretVersion:SecretVersion", inputs),
  ).toHaveLength(count);
});

test.each([
  ["splunk-token", "0a1b2c3d", true],
  ["apikey", "0a1b2c3d", true],
  ["http_passwd", "0a1b2c3d", true],
  ["license_key", "0a1b2c3d", true],
  ["log_key", "log", false],
  ["partition_key", "container_id", false],
  ["awslogs-group", "nango", false],
  ["apikey", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:acme-AbCdEf", false],
])("the option %s of a container's logs, with the value %s", (name, value, isSecret) => {
  const inputs = task({ logConfiguration: { logDriver: "awsfirelens", options: { [name]: value } } });
  expect(objections("no-secrets-in-environments", TASK, inputs)).toEqual(
    isSecret ? [`container web holds the secret ${name} in the options of its logs`] : [],
  );
});

test.each([
  ["API_KEY", "0a1b2c3d", true],
  ["API_KEY_FILE", "/run/secrets/api-key", false],
  ["SECRET_NAME", "acme/api-key", false],
  ["AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", false],
  ["VAULT_SECRET_ID", "0a1b2c3d", true],
  ["AUTH_URL", "https://login.acme.dev", false],
  ["AUTH_URL", "https://acme:0a1b2c3d@login.acme.dev", true],
])("the variable %s with the value %s", (name, value, isSecret) => {
  const count = isSecret ? 1 : 0;
  const option = `--${name.toLowerCase().replaceAll("_", "-")}=${value}`;
  for (const inputs of [
    task({ environment: [{ name, value }] }),
    task({ dockerLabels: { [name]: value } }),
    task({ command: ["agent", option] }),
  ])
    expect(objections("no-secrets-in-environments", TASK, inputs)).toHaveLength(count);
});

test.each<[string[], string[], string | undefined]>([
  [["/usr/bin/env", "sh", "-c"], ["node server.js"], "sh"],
  [["env", "-i", "HOME=/tmp", "bash"], [], "bash"],
  [["busybox"], ["ash", "-c", "node server.js"], "ash"],
  [["/usr/bin/env"], ["node", "server.js"], undefined],
  [["node"], ["run.js", "sh"], undefined],
  [["sh", "-c"], ["render > out; exec node server.js"], undefined],
  [["sh", "-c"], ["node server.js # exec"], "sh"],
])("a container that starts with %s %s", (entryPoint, command, shell) => {
  expect(objections("init-process", TASK, task({ entryPoint, command }))).toEqual(
    shell === undefined ? [] : [`container web starts with ${shell}`],
  );
});

test("nobody comes in without a password, though one may have one", () => {
  const search = (advancedSecurityOptions: Properties) =>
    objections("authenticated-data", "aws:opensearch/domain:Domain", { advancedSecurityOptions });
  expect(search({ enabled: true, anonymousAuthEnabled: true })).toEqual([
    "lets in whoever has no password: advancedSecurityOptions.anonymousAuthEnabled is true",
  ]);
  expect(search({ enabled: true })).toEqual([]);
  const cache = (inputs: Properties) =>
    objections("authenticated-data", "aws:elasticache/replicationGroup:ReplicationGroup", inputs);
  expect(cache({ userGroupIds: [] })).toEqual(["asks nobody for a token"]);
  expect(cache({ authToken: "" })).toEqual(["asks nobody for a token"]);
  expect(cache({ userGroupIds: UNKNOWN })).toEqual([]);
});

test("the key that data is encrypted with, and the secret that holds it, are not deleted by the way", () => {
  const key = (name: string, protect: boolean) =>
    objectionsTo("deletion-protection", [
      resource("random:index/randomPassword:RandomPassword", name, { protect }),
    ]);
  expect(key("nango-encryption-key", false)).toEqual(["may be deleted by Pulumi: it has no protect"]);
  expect(key("nango-encryption-key", true)).toEqual([]);
  expect(key("nango-database-password", false)).toEqual([]);
  const secret = (inputs: Properties) =>
    objectionsTo("deletion-protection", [
      resource("aws:secretsmanager/secret:Secret", "acme", { inputs, protect: true }),
    ]);
  expect(secret({ recoveryWindowInDays: 0 })).toEqual([
    "is gone at once when it is deleted: recoveryWindowInDays is 0",
  ]);
  expect(secret({ recoveryWindowInDays: 7 })).toEqual([]);
  expect(secret({ namePrefix: "ecr-pullthroughcache/", recoveryWindowInDays: 0 })).toEqual([]);
  const type = "aws:secretsmanager/secret:Secret";
  const ofNango = resource(type, "nango", {
    urn: `urn:pulumi:dev::nango::nango:aws:Nango$nango:aws:StoredSecret$${type}::nango`,
  });
  expect(objectionsTo("deletion-protection", [ofNango])).toEqual([
    "may be deleted by Pulumi: it has no protect",
  ]);
  expect(objectionsTo("deletion-protection", [resource(type, "own")])).toEqual([]);
});

test.each([
  ["nangohq/nango-server:hosted-3b2c0410e3b8444d5eacb45817f74ee8d462711a", true],
  ["public.ecr.aws/acme/side:sha-4f1c2d9", true],
  ["postgres:16.4-alpine", true],
  ["registry.acme.dev:5000/side", false],
  ["acme/side:1.27-latest", false],
  ["acme/side:1.2.x", false],
  ["acme/side:stable", false],
])("the image %s", (image, isPinned) => {
  const count = isPinned ? 0 : 1;
  expect(objections("pinned-images", TASK, task({ image }))).toHaveLength(count);
  expect(objections("pinned-images", CONTAINER, { image })).toHaveLength(count);
});

test.each<[NODE_OPTIONS: string, said: string[]]>([
  ["--inspect", ["opens a debugger: --inspect"]],
  ["--max-old-space-size=512 --inspect_brk=0.0.0.0:9229", ["opens a debugger: --inspect-brk=0.0.0.0:9229"]],
  ["--tls-min-v1.0", ["takes TLS older than 1.2: --tls-min-v1.0"]],
  ["--insecure-http-parser", ["takes requests that can be read in two ways: --insecure-http-parser"]],
  [
    "--security-revert=CVE-2023-46809",
    ["opens a hole again that was closed: --security-revert=CVE-2023-46809"],
  ],
  ["--inspect-port=9230 --tls-min-v1.3 --use-openssl-ca", []],
])("node with the options %s", (options, said) => {
  const secretString = JSON.stringify({ NODE_OPTIONS: options });
  const ofNode = (type: string, inputs: Properties) => objections("node-safeguards", type, inputs);
  expect(ofNode("aws:secretsmanager/secretVersion:SecretVersion", { secretString })).toEqual(said);
  expect(ofNode(CONTAINER, { command: ["sh", "-c", `exec node ${options} server.js`] })).toEqual(said);
  expect(ofNode(TASK, task({ command: ["agent", ...options.split(" ")] }))).toEqual([]);
});

test.each<[type: string, name: string, value: string, secretInputs: string[], isOpen: boolean]>([
  ["String", "/acme/api-key", "0123456789abcdef", [], true],
  ["String", "/acme/url", "postgresql://acme:correct-horse@db.acme.dev/nango", [], true],
  ["StringList", "/acme/hosts", "correct-horse", ["value"], true],
  ["SecureString", "/acme/api-key", "0123456789abcdef", ["value"], false],
  ["String", "/acme/url", "https://nango.acme.dev", [], false],
])("a parameter of SSM of type %s, %s", (type, name, value, secretInputs, isOpen) => {
  const parameter = resource("aws:ssm/parameter:Parameter", "acme", {
    inputs: { type, name, value },
    secretInputs,
  });
  expect(objectionsTo("encrypted-at-rest", [parameter])).toHaveLength(isOpen ? 1 : 0);
});

test("a database and a function write to log groups of the stack", () => {
  const group = (name: string, more: object = {}) =>
    resource("aws:cloudwatch/logGroup:LogGroup", "logs", { inputs: { name }, ...more });
  const instance = resource("aws:rds/instance:Instance", "acme", {
    inputs: { identifier: "acme", enabledCloudwatchLogsExports: ["postgresql"] },
  });
  const unnamed = resource("aws:lambda/function:Function", "acme", { inputs: { name: UNKNOWN } });
  const quiet = resource("aws:lambda/function:Function", "acme", {
    inputs: { name: "acme", loggingConfig: { logFormat: "JSON", logGroup: "acme" } },
  });
  const said = (...resources: RecordedResource[]) => objectionsTo("known-log-groups", resources);
  expect(said(instance, group("/aws/rds/instance/acme/upgrade"))).toEqual([
    "has AWS make its log group: /aws/rds/instance/acme/postgresql",
  ]);
  expect(said(instance, group("/aws/rds/instance/acme/postgresql"))).toEqual([]);
  expect(said(instance, group(UNKNOWN, { propertyDependencies: { name: [instance.urn] } }))).toEqual([]);
  expect(said(unnamed)).toEqual([]);
  expect(said(quiet)).toEqual([]);
  expect(said({ ...quiet, inputs: { name: "acme" } })).toEqual([
    "has AWS make its log group: /aws/lambda/acme",
  ]);
});

const grantedTo = (everyone: string) => ({
  accessControlPolicy: {
    grants: [{ grantee: { type: "Group", uri: `http://acs.amazonaws.com/groups/global/${everyone}` } }],
  },
});

test.each<[policy: string, type: string, inputs: Properties, count: number]>([
  ["closed-network", "aws:lb/loadBalancer:LoadBalancer", {}, 1],
  ["closed-network", "aws:elb/loadBalancer:LoadBalancer", { internal: false }, 1],
  ["closed-network", "aws:lb/loadBalancer:LoadBalancer", { internal: true }, 0],
  ["closed-network", "aws:lb/loadBalancer:LoadBalancer", { loadBalancerType: "gateway" }, 0],
  ["closed-network", "aws:lb/loadBalancer:LoadBalancer", { internal: UNKNOWN }, 0],
  ["backups", "aws:rds/instance:Instance", { backupRetentionPeriod: 7 }, 1],
  ["backups", "aws:rds/instance:Instance", { backupRetentionPeriod: 7, deleteAutomatedBackups: false }, 0],
  ["nothing-public", "aws:s3/bucketAcl:BucketAcl", grantedTo("AuthenticatedUsers"), 1],
  ["nothing-public", "aws:s3/bucketAcl:BucketAcl", grantedTo("AllUsers"), 1],
  ["nothing-public", "aws:ec2/eip:Eip", { instance: "i-0123456789abcdef0" }, 1],
  ["nothing-public", "aws:ec2/eip:Eip", { networkInterface: "eni-0123456789abcdef0" }, 1],
  ["nothing-public", "aws:ec2/eip:Eip", { domain: "vpc" }, 0],
  ["nothing-public", "aws:ec2/eipAssociation:EipAssociation", {}, 1],
  ["encrypted-in-transit", "aws:rds/proxy:Proxy", {}, 1],
  ["encrypted-in-transit", "aws:rds/proxy:Proxy", { requireTls: true }, 0],
  ["known-parameters", "aws:rds/cluster:Cluster", { dbClusterParameterGroupName: "acme" }, 1],
  ["known-parameters", "aws:rds/instance:Instance", { parameterGroupName: "default.postgres16" }, 0],
  ["known-parameters", "aws:rds/instance:Instance", {}, 0],
  [
    "known-log-groups",
    "aws:rds/cluster:Cluster",
    { clusterIdentifier: "acme", enabledCloudwatchLogsExports: ["postgresql"] },
    1,
  ],
  ["log-retention", TASK, task({ logConfiguration: { logDriver: "none" } }), 1],
  [
    "least-privilege",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    { policyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
    1,
  ],
])("%s of %s with %j", (policy, type, inputs, count) => {
  expect(objections(policy, type, inputs)).toHaveLength(count);
});

test("a rule is in the group whose ID it says, whatever else that came from", () => {
  const type = "aws:ec2/securityGroup:SecurityGroup";
  const [ofBalancer, ofDatabase] = ["balancer", "database"].map((name) =>
    resource(type, name, { id: `sg-${name}` }),
  );
  const into = (securityGroupId: string) =>
    objectionsTo("closed-network", [
      ofBalancer!,
      ofDatabase!,
      resource("aws:lb/loadBalancer:LoadBalancer", "inside", {
        inputs: { internal: true, securityGroups: ["sg-balancer"] },
      }),
      resource("aws:lb/listener:Listener", "https", { inputs: { port: 443 } }),
      resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", {
        inputs: { securityGroupId, cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 443 },
        propertyDependencies: { securityGroupId: [ofBalancer!.urn, ofDatabase!.urn] },
      }),
    ]);
  expect(into("sg-balancer")).toEqual([]);
  expect(into("sg-database")).toEqual(["lets 0.0.0.0/0 into a security group that is no load balancer's"]);
});
