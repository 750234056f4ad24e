import { describe, expect, test } from "vitest";
import type { Rehearsal, RehearseOptions } from "../../rehearsal/rehearse.ts";
import { containersOf as ecsContainersOf, environmentOf as ecsEnvironmentOf, the } from "../aws/find.ts";
import { rehearse } from "../rehearse.ts";
import { containersOf, environmentOf } from "./topologies.ts";

/** The same wishes, told to each target in its own words. */
const pairs: Record<string, { aws: RehearseOptions; docker: RehearseOptions }> = {
  "as shipped": { aws: { stack: "dev" }, docker: { stack: "local" } },
  "with everything": {
    aws: {
      stack: "dev",
      set: {
        logs: "opensearch",
        redis: "elasticache",
        recordsDatabase: "dedicated",
        allowPrivateAddresses: "true",
      },
    },
    docker: {
      stack: "local",
      set: {
        logs: "opensearch",
        redis: "container",
        recordsDatabase: "dedicated",
        allowPrivateAddresses: "true",
      },
    },
  },
  "with accounts": {
    aws: { stack: "dev", set: { dashboardAuth: "accounts", environment: '{"LOG_LEVEL":"debug"}' } },
    docker: { stack: "local", set: { dashboardAuth: "accounts", environment: '{"LOG_LEVEL":"debug"}' } },
  },
};

/** Each variable whose value is another one on Docker, what it looks like there, and why. */
const differences: Record<string, { docker: RegExp; because: string }> = {
  NANGO_SERVER_URL: {
    docker: /^http:\/\/localhost:3003$/,
    because: "a port of the laptop stands in for the load balancer and its domain",
  },
  NANGO_PUBLIC_CONNECT_URL: {
    docker: /^http:\/\/localhost:3009$/,
    because: "a port of the laptop stands in for the load balancer and its domain",
  },
  NANGO_DB_POOL_MAX: { docker: /^24$/, because: "the pools share Postgres' own 100 connections" },
  RECORDS_DATABASE_POOL_MAX: {
    docker: /^3$/,
    because:
      "the pools share Postgres' own 100 connections, also when the records have a database of their own",
  },
  TASKS_DB_POOL_MAX: { docker: /^7$/, because: "the pools share Postgres' own 100 connections" },
  FLEET_DB_POOL_MAX: { docker: /^3$/, because: "the pools share Postgres' own 100 connections" },
  NANGO_DATABASE_URL: {
    docker: /^postgresql:\/\/nango:\w{40}@postgres:5432\/nango\?sslmode=verify-full$/,
    because: "it is another host, verified just the same",
  },
  RECORDS_DATABASE_URL: {
    docker: /^postgresql:\/\/nango:\w{40}@postgres:5432\/nango_records\?sslmode=verify-full$/,
    because: "it is a second database of the same server, verified just the same",
  },
  NANGO_LOGS_ES_URL: {
    docker: /^http:\/\/opensearch:9200$/,
    because: "the image's certificates name no host that a client could verify",
  },
  NANGO_LOGS_ES_USER: { docker: /^admin$/, because: "it is the one user that the image makes" },
  DEFAULT_RATE_LIMIT_PER_MIN: {
    docker: /^6000$/,
    because: "a container without a limit of its own takes all of the processor that node can use",
  },
  NANGO_REDIS_URL: {
    docker: /^redis:\/\/:\w{64}@valkey:6379$/,
    because: "Valkey is in a network of the stack's own and speaks no TLS there",
  },
};

/** Made up for each stack, and so never the same. */
const generated = [
  "NANGO_ADMIN_KEY",
  "NANGO_DASHBOARD_PASSWORD",
  "NANGO_ENCRYPTION_KEY",
  "NANGO_LOGS_ES_PWD",
  "NANGO_SECRET_KEY_DEV",
  "NANGO_SECRET_KEY_PROD",
];

/** What ECS gives the server: plain values, and those of the stored secret. */
function onAws(rehearsal: Rehearsal): Record<string, string> {
  const server = ecsContainersOf(rehearsal, "nango")["server"]!;
  const stored = JSON.parse(String(the(rehearsal, "SecretVersion").inputs["secretString"])) as Record<
    string,
    string
  >;
  return {
    ...ecsEnvironmentOf(server),
    ...Object.fromEntries(server.secrets.map(({ name }) => [name, stored[name]!])),
  };
}

const onDocker = (rehearsal: Rehearsal): Record<string, string> =>
  environmentOf(containersOf(rehearsal)["server"]!);

const seen = new Set<string>();

describe.each(Object.entries(pairs))("the server's environment, %s", (_, pair) => {
  test("has the same variables on Docker as on AWS, with the same values but for those that are explained", async () => {
    const [aws, docker] = await Promise.all([
      rehearse({ ...pair.aws, mode: "update" }).then(onAws),
      rehearse({ ...pair.docker, mode: "update" }).then(onDocker),
    ]);
    expect(Object.keys(docker).toSorted()).toEqual(Object.keys(aws).toSorted());
    for (const [name, value] of Object.entries(docker)) {
      const difference = differences[name];
      if (difference !== undefined) {
        expect(value, `${name}: ${difference.because}`).toMatch(difference.docker);
        if (value !== aws[name]) seen.add(name);
      } else if (generated.includes(name)) {
        expect(value, name).not.toBe("");
      } else {
        expect(value, name).toBe(aws[name]);
      }
    }
  });
});

test("every difference that is explained is there", () => {
  expect([...seen].toSorted()).toEqual(Object.keys(differences).toSorted());
});

test("the migration gets what the server gets, and how long it may take", async () => {
  const containers = containersOf(await rehearse({ stack: "local", mode: "update" }));
  expect(environmentOf(containers["migrate"]!)).toEqual({
    ...environmentOf(containers["server"]!),
    MIGRATION_SECONDS: "1800",
  });
});

test("the containers run the commands that ECS runs, and are judged by the same health checks", async () => {
  const rehearsal = await rehearse({ stack: "dev", mode: "update" });
  const ecs = { ...ecsContainersOf(rehearsal, "nango-migrate"), ...ecsContainersOf(rehearsal, "nango") };
  const containers = containersOf(await rehearse({ stack: "local", mode: "update" }));
  for (const name of ["server", "connect-ui", "migrate", "write-certificates"]) {
    const { inputs } = containers[name]!;
    // A container of Docker's has a limit of its own, which node sees.
    const command = ecs[name]!.command.filter((word) => !word.startsWith("--max-old-space-size="));
    expect(inputs.command, name).toEqual(command);
    expect((inputs.healthcheck as { tests?: string[] } | undefined)?.tests, name).toEqual(
      ecs[name]!.healthCheck?.command,
    );
  }
});
