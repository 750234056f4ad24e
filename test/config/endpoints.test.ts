import { describe, expect, test } from "vitest";
import { placeProblem } from "../../infra/config/rules/endpoints.ts";
import { parse, problems, problemsOf, parseTexts, type Texts } from "./given.ts";

const postgres = (host: string): Texts => ({ databaseUrl: `postgresql://nango:s%40cret@${host}/nango` });
const redis = (host: string): Texts => ({ redisUrl: `rediss://:s%40cret@${host}` });
const store = (logsProvider: string, host: string): Texts => ({
  logs: "external",
  logsProvider,
  logsUrl: `https://${host}`,
  logsUser: "nango",
  logsPassword: "s%40cret",
});

const secretKeys = new Set(["databaseUrl", "recordsDatabaseUrl", "redisUrl", "smtpUrl", "logsPassword"]);

test.each<[string, Texts, RegExp]>([
  [
    "Neon's pooler",
    postgres("ep-cool-name-123456-pooler.us-east-2.aws.neon.tech"),
    /^nango:databaseUrl is a pooler in transaction mode.* the one without -pooler \(https:\/\/neon\.com/,
  ],
  [
    "Supabase's pooler in transaction mode",
    postgres("aws-0-eu-central-1.pooler.supabase.com:6543"),
    /transaction mode.*Take port 5432 \(https:\/\/supabase\.com/,
  ],
  [
    "Aurora's reader",
    {
      ...postgres("acme.cluster-abc123.eu-central-1.rds.amazonaws.com"),
      recordsDatabaseUrl: "postgresql://n:p@acme.cluster-ro-abc123.eu-central-1.rds.amazonaws.com:5433/r",
    },
    /^nango:recordsDatabaseUrl is Aurora's endpoint for reading, but Nango writes\./,
  ],
  ["Redshift", postgres("acme.abc.eu-central-1.redshift.amazonaws.com:5439"), /is Redshift, not Postgres/],
  [
    "a cluster of ElastiCache",
    redis("clustercfg.acme.abc123.euc1.cache.amazonaws.com:6379"),
    /^nango:redisUrl is the configuration endpoint of a cluster.*cluster mode disabled/,
  ],
  [
    "MemoryDB",
    redis("clustercfg.acme.abc123.memorydb.eu-central-1.amazonaws.com"),
    /is the configuration endpoint of a cluster/,
  ],
  [
    "a node of MemoryDB",
    redis("acme-0001-001.acme.abc123.memorydb.eu-central-1.amazonaws.com"),
    /is MemoryDB/,
  ],
  ["ElastiCache's reader", redis("replica.acme.abc123.euc1.cache.amazonaws.com"), /endpoint for reading/],
  [
    "ElastiCache's reader without TLS",
    redis("acme-ro.abc123.ng.0001.euc1.cache.amazonaws.com"),
    /endpoint for reading/,
  ],
  [
    "OpenSearch Serverless",
    store("opensearch", "abc123.eu-central-1.aoss.amazonaws.com"),
    /knows no user and password/,
  ],
  [
    "an OpenSearch domain as Elasticsearch",
    store("elasticsearch", "vpc-acme-abc123.eu-central-1.es.amazonaws.com"),
    /Set nango:logsProvider to opensearch/,
  ],
  [
    "an OpenSearch domain's dual-stack name as Elasticsearch",
    store("elasticsearch", "vpc-acme-abc123.aos.eu-central-1.on.aws"),
    /Set nango:logsProvider to opensearch/,
  ],
  [
    "Elastic Cloud as OpenSearch",
    store("opensearch", "acme.es.eu-central-1.aws.elastic-cloud.com"),
    /Set nango:logsProvider to elasticsearch/,
  ],
])("%s is refused with the way out and a source", (_, values, message) => {
  const [said = "", ...others] = problems(values, { secretKeys });
  expect(said).toMatch(message);
  expect(said).toMatch(/\(https:\/\/[^)]+\)\.$/);
  expect(said).not.toContain("cret");
  expect(others).toEqual([]);
});

test.each<[string, Texts, RegExp]>([
  [
    "RDS Proxy",
    postgres("acme.proxy-abc123.eu-central-1.rds.amazonaws.com"),
    /^nango:databaseUrl is RDS Proxy, which pins each of Nango's connections/,
  ],
  ["PgBouncer of Azure", postgres("acme.postgres.database.azure.com:6432"), /most likely is a pooler/],
  ["Aurora DSQL", postgres("abc123.dsql.us-east-1.on.aws"), /is Aurora DSQL/],
  [
    "ElastiCache Serverless",
    redis("acme-abc123.serverless.euc1.cache.amazonaws.com:6379"),
    /^nango:redisUrl is ElastiCache Serverless, which speaks as a cluster does/,
  ],
  [
    "TLS at once at a port that begins without",
    { smtpUrl: "smtps://u:p@mail.example.com:587", smtpFrom: "nango@example.com" },
    /smtps:\/\/ but names port 587.*Take smtp:\/\//,
  ],
  [
    "no TLS at a port that begins with it",
    { smtpUrl: "smtp://u:p@mail.example.com:465", smtpFrom: "nango@example.com" },
    /smtp:\/\/ but names port 465.*Take smtps:\/\//,
  ],
])("%s is said aloud", (_, values, message) => {
  expect(parse(values, { secretKeys }).warnings).toEqual([expect.stringMatching(message)]);
});

test.each<[string, Texts]>([
  ["RDS", postgres("acme.abc123.eu-central-1.rds.amazonaws.com")],
  ["Aurora", postgres("acme.cluster-abc123.eu-central-1.rds.amazonaws.com:5433")],
  ["Neon", postgres("ep-cool-name-123456.us-east-2.aws.neon.tech")],
  ["Supabase in session mode", postgres("aws-0-eu-central-1.pooler.supabase.com:5432")],
  ["ElastiCache", redis("master.acme.abc123.euc1.cache.amazonaws.com:6379")],
  ["an OpenSearch domain", store("opensearch", "vpc-acme-abc123.eu-central-1.es.amazonaws.com")],
  ["Elastic Cloud", store("elasticsearch", "acme.es.eu-central-1.aws.elastic-cloud.com:443")],
  [
    "mail through SES",
    { smtpUrl: "smtps://u:p@email-smtp.eu-central-1.amazonaws.com:465", smtpFrom: "n@example.com" },
  ],
])("%s is fine", (_, values) => {
  expect(parse(values, { secretKeys }).warnings).toEqual([]);
});

describe("a host that means another machine where Nango runs", () => {
  const own = ["localhost", "db.localhost", "127.0.0.1", "127.1", "2130706433", "0.0.0.0"];
  test.each(own)("%s is the task's or container's own", (name) => {
    expect(placeProblem(name, "aws")).toMatch(/leads to the task itself/);
    expect(placeProblem(name, "docker")).toMatch(/leads to the container itself.*host\.docker\.internal/);
  });
  test.each([
    ["host.docker.internal", /on a laptop only/],
    ["postgres", /has no dot/],
    ["169.254.169.254", /link-local/],
  ])("%s is not known in a VPC", (name, message) => {
    expect(placeProblem(name, "aws")).toMatch(message);
  });
  test.each(["db.example.com", "10.0.0.7", "192.168.1.1", "ip-10-0-0-7.ec2.internal", "db.corp.local"])(
    "%s may be reached",
    (name) => {
      expect(placeProblem(name, "aws")).toBeUndefined();
      expect(placeProblem(name, "docker")).toBeUndefined();
    },
  );

  test.each<Texts>([
    postgres("localhost"),
    {
      ...postgres("db.example.com"),
      recordsDatabaseUrl: "postgresql://n:s%40cret@127.0.0.1/r",
      databaseTls: "unverified",
    },
    redis("localhost:6379"),
    { smtpUrl: "smtp://localhost:1025", smtpFrom: "nango@example.com" },
    store("elasticsearch", "localhost:9200"),
  ])("is refused in every URL, as in %j", (values) => {
    const [said, ...others] = problems(values, { secretKeys });
    expect(said).toMatch(/^nango:\w+Url( = "https:\/\/localhost:9200")?: the host leads to the task itself/);
    expect(others).toEqual([]);
    expect(problemsOf(() => parseTexts({ target: "docker", ...values }))).toEqual([
      expect.stringMatching(/the host leads to the container itself/),
    ]);
  });
});
