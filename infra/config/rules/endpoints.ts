import { rdsEndpoint } from "./aws-hosts.ts";

/** What speaks at an endpoint, as far as the settings say. */
export type Service = "Postgres" | "Redis" | "elasticsearch" | "opensearch";

/** Where a setting's URL leads. */
export interface Endpoint {
  readonly service: Service;
  readonly host: string;
  readonly port: number | undefined;
}

/** What is known of an endpoint by its name. */
export interface Judgement {
  /** Whether Nango cannot work with it; otherwise it is only worth a warning. */
  readonly refused: boolean;
  /** The rest of a sentence about the URL, with the way out and a source. */
  readonly why: string;
}

interface Rule extends Judgement {
  readonly service: Service;
  readonly matches: (endpoint: Endpoint) => boolean;
}

const host = (pattern: RegExp) => (endpoint: Endpoint) => pattern.test(endpoint.host);
const inPool =
  "is a pooler in transaction mode, which loses what Nango keeps in a session: its search path and the lock of a migration.";

const rules: readonly Rule[] = [
  {
    service: "Postgres",
    matches: host(/-pooler\.[a-z0-9.-]*neon\.tech$/),
    refused: true,
    why: `${inPool} Take the direct name, the one without -pooler (https://neon.com/docs/connect/connection-pooling)`,
  },
  {
    service: "Postgres",
    matches: ({ host: name, port }) => /\.(pooler\.supabase\.com|supabase\.co)$/.test(name) && port === 6543,
    refused: true,
    why: `${inPool} Take port 5432 (https://supabase.com/docs/guides/database/connecting-to-postgres)`,
  },
  {
    service: "Postgres",
    matches: ({ host: name, port }) => name.endsWith(".postgres.database.azure.com") && port === 6432,
    refused: false,
    why: `most likely ${inPool} Take port 5432 (https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-pgbouncer)`,
  },
  {
    service: "Postgres",
    matches: ({ host: name }) => rdsEndpoint(name)?.kind === "proxy",
    refused: false,
    why: "is RDS Proxy, which pins each of Nango's connections for as long as it lasts, since Nango sets a search path: it costs, and saves no connection. Take the endpoint of the instance or cluster (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html)",
  },
  {
    service: "Postgres",
    matches: ({ host: name }) => rdsEndpoint(name)?.kind === "cluster-ro",
    refused: true,
    why: "is Aurora's endpoint for reading, but Nango writes. Take the cluster's own endpoint, with cluster- instead of cluster-ro- (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Reader.html)",
  },
  {
    service: "Postgres",
    matches: host(/\.dsql\.[a-z0-9-]+\.on\.aws$/),
    refused: false,
    why: "is Aurora DSQL, which lacks much of Postgres, such as the foreign keys of Nango's tables. Take RDS or Aurora for PostgreSQL (https://docs.aws.amazon.com/aurora-dsql/latest/userguide/working-with-postgresql-compatibility-unsupported-features.html)",
  },
  {
    service: "Postgres",
    matches: host(/\.redshift(-serverless)?\.amazonaws\.com(\.cn)?$/),
    refused: true,
    why: "is Redshift, not Postgres. Take RDS or Aurora for PostgreSQL (https://docs.aws.amazon.com/redshift/latest/dg/c_redshift-and-postgres-sql.html)",
  },
  {
    service: "Redis",
    matches: host(/^clustercfg\.|\.clustercfg\./),
    refused: true,
    why: "is the configuration endpoint of a cluster, but Nango's client cannot follow a cluster to its other shards. Take a cache with cluster mode disabled, and its primary endpoint (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html)",
  },
  {
    service: "Redis",
    matches: host(/\.memorydb\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/),
    refused: true,
    why: "is MemoryDB, which always is a cluster, and Nango's client cannot follow one. Take ElastiCache with cluster mode disabled (https://docs.aws.amazon.com/memorydb/latest/devguide/endpoints.html)",
  },
  {
    service: "Redis",
    matches: host(/\.serverless\.[a-z0-9-]+\.cache\.amazonaws\.com(\.cn)?$/),
    refused: false,
    why: "is ElastiCache Serverless, which speaks as a cluster does: the check before a deployment may refuse it. Safe is a cache with cluster mode disabled (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/WhatIs.corecomponents.html)",
  },
  {
    service: "Redis",
    matches: host(/^(replica\.|[a-z0-9-]+-ro\.)[a-z0-9.-]+\.cache\.amazonaws\.com(\.cn)?$/),
    refused: true,
    why: "is ElastiCache's endpoint for reading, but Nango writes. Take the primary endpoint (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html)",
  },
  ...(["opensearch", "elasticsearch"] as const).map((service) => ({
    service,
    matches: host(/\.aoss\./),
    refused: true,
    why: "is OpenSearch Serverless, which knows no user and password, the only login that Nango has. Take a domain (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-security.html)",
  })),
  {
    service: "elasticsearch",
    matches: host(/\.es\.[a-z0-9.-]*amazonaws\.com(\.cn)?$|\.es\.amazonaws\.eu$|\.aos\.[a-z0-9-]+\.on\.aws$/),
    refused: true,
    why: "is a domain of Amazon OpenSearch Service, but nango:logsProvider is elasticsearch, whose client accepts no other product. Set nango:logsProvider to opensearch (https://www.elastic.co/guide/en/elasticsearch/client/javascript-api/current/client-connecting.html#product-check)",
  },
  {
    service: "opensearch",
    matches: host(/\.(elastic-cloud\.com|elastic\.cloud|found\.io)$/),
    refused: true,
    why: "is Elastic Cloud, but nango:logsProvider is opensearch, and Elasticsearch has none of its retention policies. Set nango:logsProvider to elasticsearch (https://docs.opensearch.org/latest/im-plugin/ism/index/)",
  },
];

/** What is known against an endpoint, or undefined. */
export function judge(endpoint: Endpoint): Judgement | undefined {
  return rules.find(({ service, matches }) => service === endpoint.service && matches(endpoint));
}

/**
 * What is wrong with a host that means another machine where Nango runs than where it was written, or undefined.
 * Everything in a container or task of its own: its loopback is not that of the machine around it.
 */
export function placeProblem(name: string, target: "aws" | "docker"): string | undefined {
  // Other spellings of addresses, such as 127.1 and 2130706433, are read as URLs of the web read them.
  const address = URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : name;
  if (/^(localhost|.*\.localhost)$/.test(name) || /^(127|0)\.\d+\.\d+\.\d+$/.test(address)) {
    return target === "aws"
      ? "leads to the task itself, in which nothing but Nango runs. Give the name by which the VPC reaches the server"
      : "leads to the container itself, in which nothing but Nango runs. A server of this machine is reached at host.docker.internal";
  }
  if (/^169\.254\.\d+\.\d+$/.test(address)) return "is a link-local address, at which no server answers";
  if (target === "docker") return undefined;
  if (/^(host|gateway)\.docker\.internal$/.test(name))
    return "is known to containers on a laptop only. Give the name by which the VPC reaches the server";
  return name.includes(".")
    ? undefined
    : "has no dot: such a name is known to containers beside each other, not in a VPC. Give the full name";
}
