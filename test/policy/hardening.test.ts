import { expect, test } from "vitest";
import { judge } from "../../policy/judgement.ts";
import { UNKNOWN, type Properties } from "../../project/values.ts";
import { resource, stack } from "../rehearsal/recorded.ts";
import { book, objections } from "./objections.ts";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const container = {
  name: "web",
  portMappings: [{ containerPort: 80 }],
  readonlyRootFilesystem: true,
  logConfiguration: { logDriver: "awslogs", options: {} },
};
const task = (more: object, properties: Properties = {}) => ({
  ...properties,
  containerDefinitions: JSON.stringify([{ ...container, ...more }]),
});

test("a container that serves writes nowhere, and none is more than a container", () => {
  const said = (inputs: Properties, set = {}) => objections("contained-containers", TASK, inputs, set);
  expect(said(task({}))).toEqual([]);
  expect(said(task({ readonlyRootFilesystem: false }))).toEqual([
    "container web serves and writes to its own file system",
  ]);
  expect(said(task({ readonlyRootFilesystem: false, portMappings: [] }))).toEqual([]);
  expect(said(task({ readonlyRootFilesystem: false }), { executeCommand: "true" })).toEqual([]);
  expect(said(task({ privileged: true }, { pidMode: "host", networkMode: "awsvpc" }))).toEqual([
    "shares its host: pidMode is host",
    "container web is privileged",
  ]);
});

test("a container without a configuration of logs has none", () => {
  expect(objections("log-retention", TASK, task({ logConfiguration: undefined }))).toEqual([
    "container web writes no logs: it has no logConfiguration",
  ]);
  expect(objections("log-retention", TASK, task({}))).toEqual([]);
});

test("Valkey asks for a token or has users, and a token that is not known yet is one", () => {
  const said = (inputs: Properties) =>
    objections("authenticated-data", "aws:elasticache/replicationGroup:ReplicationGroup", inputs);
  expect(said({})).toEqual(["asks nobody for a token"]);
  expect(said({ authToken: UNKNOWN })).toEqual([]);
  expect(said({ userGroupIds: ["acme"] })).toEqual([]);
});

test.each([
  ["TLSv1", 1],
  ["TLSv1.1", 1],
  ["TLSv1.2", 0],
  ["TLSv1.3", 0],
  [UNKNOWN, 0],
])("ssl_min_protocol_version %s", (value, count) => {
  const parameters = [{ name: "ssl_min_protocol_version", value }];
  expect(
    objections("tls-1.2-at-least", "aws:rds/parameterGroup:ParameterGroup", { parameters }),
  ).toHaveLength(count);
});

test.each([
  ["ELBSecurityPolicy-2016-08", 1],
  ["ELBSecurityPolicy-TLS-1-1-2017-01", 1],
  ["ELBSecurityPolicy-FS-1-1-2019-08", 1],
  ["ELBSecurityPolicy-TLS13-1-0-2021-06", 1],
  ["ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04", 1],
  ["ELBSecurityPolicy-TLS13-1-1-2021-06", 1],
  [undefined, 1],
  ["ELBSecurityPolicy-TLS-1-2-Ext-2018-06", 0],
  ["ELBSecurityPolicy-FS-1-2-Res-2020-10", 0],
  ["ELBSecurityPolicy-TLS13-1-2-Res-2021-06", 0],
  ["ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04", 0],
  ["ELBSecurityPolicy-TLS13-1-3-2021-06", 0],
  ["ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", 0],
])("the TLS policy %s of a listener", (sslPolicy, count) => {
  const inputs = { protocol: "HTTPS", ...(sslPolicy === undefined ? {} : { sslPolicy }) };
  expect(objections("tls-1.2-at-least", "aws:lb/listener:Listener", inputs)).toHaveLength(count);
});

test.each([
  ["smtps://acme:correct-horse@mail.acme.dev:465", true],
  ["redis://:correct-horse@cache", true],
  ["run psql 'postgresql://acme:s%40cret@db.acme.dev/nango' now", true],
  ["-----BEGIN RSA PRIVATE KEY-----\nMIIE", true],
  ["https://nango.acme.dev:443/path@2", false],
  ["postgresql://acme@db.acme.dev/nango", false],
  ["psql postgresql://acme:$PASSWORD@db.acme.dev", false],
  ["as in rediss://:password@host", false],
  ["postgresql://acme:<password>@host, postgresql://acme:***@host", false],
])("an output that says %s", (text, isSecret) => {
  const outputs = { text };
  const judged = (secretOutputs: string[]) =>
    judge({ resources: [{ ...stack, outputs, secretOutputs }] }, () => undefined, book).violations;
  expect(judged([]).map(({ message }) => message)).toEqual(isSecret ? ["shows a secret in text"] : []);
  expect(judged(["text"])).toEqual([]);
});

test("a classic load balancer that serves over plain HTTP, too", () => {
  const said = (lbProtocol: string) =>
    objections("https-only", "aws:elb/loadBalancer:LoadBalancer", { listeners: [{ lbProtocol }] });
  expect(said("HTTP")).toEqual(["serves over plain HTTP"]);
  expect(said("https")).toEqual([]);
});

test("words, a region, a host and an address are no secrets, though they are stored among secrets", () => {
  const stored = (secrets: object) => ({
    inputs: { secretString: JSON.stringify(secrets) },
    secretInputs: ["secretString"],
  });
  const said = (secrets: object) =>
    judge(
      {
        resources: [
          resource("aws:secretsmanager/secretVersion:SecretVersion", "acme", stored(secrets)),
          resource("aws:cloudwatch/logGroup:LogGroup", "acme-password", {
            inputs: {
              name: "acme-production",
              policy: "eu-central-1 https://acme.dev/ ops@acme.dev Xk7pQ2vL",
            },
          }),
        ],
      },
      () => undefined,
      book,
    ).violations.filter(({ policy }) => policy === "no-secrets-in-the-clear");
  expect(
    said({
      NANGO_SMTP_URL: "smtps://user:password@mail.acme.dev:465",
      STAGE: "production",
      AWS_REGION: "eu-central-1",
      SITE: "https://acme.dev",
      OPERATOR: "ops@acme.dev",
    }),
  ).toEqual([]);
  expect(said({ TOKEN: "Xk7pQ2vL" }).map(({ message }) => message)).toEqual(["shows a secret in policy"]);
});
