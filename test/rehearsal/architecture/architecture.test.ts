import { expect, test } from "vitest";

import { type Architecture, compared } from "../../../rehearsal/architecture/architecture.ts";
import { architectureOf } from "../../../rehearsal/architecture/rehearsed.ts";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { deployed, type Topology } from "../../aws/topologies.ts";
import { deployed as deployedOnDocker } from "../../docker/topologies.ts";

/** Each talk in a line, by the titles of its ends. */
function lines({ parts, talks }: Architecture): string[] {
  const title = (id: string) => parts.find((part) => part.id === id)?.title;
  return talks
    .map(({ from, to, ports }) => `${title(from)} -> ${title(to)} ${ports.join(",")}`.trim())
    .sort();
}

const service = "Service nango on Fargate";
const aside = [`${service} -> CloudWatch Logs`, `${service} -> Secrets Manager`];
const entry = ["The internet -> Load balancer 80,443", `Load balancer -> ${service} 3003,3009`];
const toDatabase = `${service} -> Postgres 16 nango-database 5432`;
const toInternet = `${service} -> The internet, outbound any`;
const through = (gateways: string) => [
  `${service} -> ${gateways} any`,
  `${gateways} -> The internet, outbound`,
];

test.each<[Topology, readonly string[]]>([
  ["dev", [...entry, toDatabase, toInternet]],
  ["production", [...entry, toDatabase, `${service} -> Valkey 8.0 6379`, ...through("2 NAT gateways")]],
  [
    "search",
    [
      ...entry,
      toDatabase,
      `${service} -> Postgres 16 nango-records 5432`,
      `${service} -> Valkey 8.0 6379`,
      `${service} -> OpenSearch 2.19 443`,
      ...through("NAT gateway"),
    ],
  ],
  [
    "plain HTTP",
    ["Allowed addresses -> Load balancer 80", `Load balancer -> ${service} 3003`, toDatabase, toInternet],
  ],
  [
    "internal",
    [
      "Your networks -> Internal load balancer 80,443",
      `Internal load balancer -> ${service} 3003,3009`,
      toDatabase,
      toInternet,
    ],
  ],
  [
    "existing databases",
    [...entry, toInternet, `${service} -> Postgres 5432`, `${service} -> Postgres 5432`],
  ],
  ["accounts", [...entry, toDatabase, toInternet, `${service} -> Mail server 465`]],
  [
    "everything given",
    [...entry, toDatabase, toInternet, `${service} -> Redis 6379`, `${service} -> logs.example.com 9243`],
  ],
])("%s: who talks to whom on which port", async (topology, expected) => {
  expect(lines(architectureOf(await deployed(topology)))).toEqual([...expected, ...aside].sort());
});

test("a laptop's containers talk by the addresses in their environments", async () => {
  expect(lines(architectureOf(await deployedOnDocker("everything")))).toEqual([
    "This machine -> nango-connect-ui 13009",
    "This machine -> nango-server 13003",
    "nango-server -> nango-opensearch 9200",
    "nango-server -> nango-postgres 5432",
    "nango-server -> nango-valkey 6379",
  ]);
});

test("each part lies in the tier and the zones of its subnets, before a deployment, too", async () => {
  for (const mode of ["preview", "update"] as const) {
    const { parts, places } = architectureOf(await deployed("production", mode));
    const where = parts.flatMap(({ title, within, zones }) => {
      const place = places.find(({ id }) => id === within);
      return place === undefined ? [] : [`${title}: ${place.title} ${zones.join("")}`];
    });
    expect(where, mode).toEqual([
      "Load balancer: Public subnets ab",
      `${service}: Private subnets ab`,
      "Postgres 16 nango-database: Isolated subnets abc",
      "Valkey 8.0: Isolated subnets abc",
      "2 NAT gateways: Public subnets ab",
    ]);
  }
});

test("subnets that were given are told by their IDs, and nothing is said of their zones", async () => {
  const { parts, places } = architectureOf(await deployed("existing VPC"));
  expect(places.map(({ title }) => title)).toEqual([
    "Given vpc-0123456789abcdef0",
    "Given subnets",
    "Given subnets",
    "Given subnets",
  ]);
  expect(parts.flatMap(({ zones }) => zones)).toEqual([]);
  expect(places[1]?.about).toEqual(["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]);
});

test("where a secret URL leads is not shown, only what answers there", async () => {
  const shown = JSON.stringify(architectureOf(await deployed("existing databases")));
  expect(shown).toContain("by RECORDS_DATABASE_URL");
  expect(shown).not.toMatch(/db\.example\.com|records\.example\.com|s(%40|@)cret/);
});

test("a rule that is taken away takes its line out of the picture", async () => {
  const rehearsal = await deployed("dev");
  const without: Rehearsal = {
    ...rehearsal,
    resources: rehearsal.resources.filter(({ name }) => !/^nango-tasks-database-(in|out)$/.test(name)),
  };
  // The environment still names the database.
  const talks = architectureOf(without).talks.filter(({ ports }) => ports.includes("5432"));
  expect(talks.map(({ by }) => by)).toEqual([["NANGO_DATABASE_URL"]]);
});

test("of two architectures, what is new, changed and gone says so, in stacks of other names, too", async () => {
  const [before, after] = [
    architectureOf(await deployed("production")),
    architectureOf(await deployed("search")),
  ];
  const { parts, talks } = compared(before, after);
  const byStatus = (status: string) =>
    parts.filter((part) => part.status === status).map(({ title }) => title);
  expect(byStatus("new")).toEqual(["Postgres 16 nango-records", "OpenSearch 2.19"]);
  expect(byStatus("changed")).toEqual(["Load balancer", "NAT gateway"]);
  expect(
    compared(after, before)
      .parts.filter(({ status }) => status === "gone")
      .map(({ title }) => title),
  ).toEqual(["Postgres 16 nango-records", "OpenSearch 2.19"]);
  expect(
    talks.filter(({ status }) => status !== undefined).map(({ status, ports }) => [status, ports]),
  ).toEqual([
    ["new", ["5432"]],
    ["new", ["443"]],
  ]);
  expect(compared(after, after)).toEqual(after);
});
