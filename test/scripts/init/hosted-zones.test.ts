import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { delegationOf } from "../../../scripts/dns/delegation.ts";
import { hostedZones, nameServersOf, referenceTo, zoneHolding } from "../../../scripts/init/hosted-zones.ts";

const account = { profile: undefined, region: "eu-central-1" };
const namespace = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';

/** An answer as the API's reference shows it: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZones.html */
const page = (zones: readonly (readonly [id: string, name: string, isPrivate: boolean])[], next?: string) =>
  `<?xml version="1.0"?><ListHostedZonesResponse ${namespace}><HostedZones>${zones
    .map(
      ([id, name, isPrivate]) =>
        `<HostedZone><Id>/hostedzone/${id}</Id><Name>${name}</Name><CallerReference>x</CallerReference><Config><PrivateZone>${isPrivate}</PrivateZone></Config><ResourceRecordSetCount>2</ResourceRecordSetCount></HostedZone>`,
    )
    .join("")}</HostedZones><IsTruncated>${next !== undefined}</IsTruncated>${
    next === undefined ? "" : `<NextMarker>${next}</NextMarker>`
  }<MaxItems>100</MaxItems></ListHostedZonesResponse>`;

const denied = `<?xml version="1.0"?><ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: route53:ListHostedZones</Message></Error><RequestId>x</RequestId></ErrorResponse>`;

const zone = `<?xml version="1.0"?><GetHostedZoneResponse ${namespace}><HostedZone><Id>/hostedzone/Z1</Id><Name>acme.org.</Name><CallerReference>x</CallerReference></HostedZone><DelegationSet><NameServers><NameServer>ns-1.awsdns-1.com</NameServer><NameServer>ns-2.awsdns-2.net</NameServer></NameServers></DelegationSet></GetHostedZoneResponse>`;

let server: Server;
/** Status and body by path. */
let answers: Record<string, [number, string]>;

beforeEach(async () => {
  server = createServer((request, response) => {
    const [status, body] = answers[request.url ?? ""] ?? [404, ""];
    response.writeHead(status, { "content-type": "text/xml" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIA");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => server.close(resolve));
});

test("the public zones of an account are listed to the last page, by name", async () => {
  answers = {
    "/2013-04-01/hostedzone": [
      200,
      page(
        [
          ["Z1", "acme.org.", false],
          ["Z2", "inside.acme.org.", true],
        ],
        "Z3",
      ),
    ],
    "/2013-04-01/hostedzone?marker=Z3": [200, page([["Z3", "abc.org.", false]])],
  };
  expect(await hostedZones(account)).toEqual({
    zones: [
      { id: "Z3", name: "abc.org" },
      { id: "Z1", name: "acme.org" },
    ],
  });
});

test("an account that may not be asked is a line, and no failure", async () => {
  answers = { "/2013-04-01/hostedzone": [403, denied] };
  expect(await hostedZones(account)).toEqual({
    unknown:
      "The account's hosted zones cannot be listed (not authorized to perform: route53:ListHostedZones).",
  });
});

test("the name servers of a zone are those of its delegation set", async () => {
  answers = { "/2013-04-01/hostedzone/Z1": [200, zone] };
  expect(await nameServersOf({ id: "Z1", name: "acme.org" }, account)).toEqual([
    "ns-1.awsdns-1.com",
    "ns-2.awsdns-2.net",
  ]);
});

const listed = [
  { id: "Z1", name: "acme.org" },
  { id: "Z2", name: "eu.acme.org" },
  { id: "Z3", name: "twice.org" },
  { id: "Z4", name: "twice.org" },
];

test.each([
  ["nango.acme.org", "Z1"],
  ["nango.eu.acme.org", "Z2"],
  ["acme.org", "Z1"],
  ["nangoacme.org", undefined],
])("%s lies in %s", (domain, id) => {
  expect(zoneHolding(domain, listed)?.id).toBe(id);
});

test("a zone is called by its ID where its name does not tell which", () => {
  expect(listed.map((one) => referenceTo(one, listed))).toEqual(["acme.org", "eu.acme.org", "Z3", "Z4"]);
});

const wanted = ["ns-1.awsdns-1.com", "NS-2.awsdns-2.net."];
/** A DNS that knows nothing but the name servers of the top-level domain. */
const failing = (code: string) => async (name: string) => {
  if (name === "org") return ["a0.org.afilias-nst.info"];
  throw Object.assign(new Error("query failed"), { code });
};
const knowsNothing = async () => {
  throw Object.assign(new Error("query failed"), { code: "ENOTFOUND" });
};

test("a zone that the world asks for where it lies needs no word", async () => {
  expect(await delegationOf("acme.org", wanted, async () => ["ns-2.awsdns-2.net"])).toEqual({
    leads: "here",
  });
});

test.each([
  [
    async () => ["a.registrar.net"],
    /does not find the zone acme\.org: it is delegated to a\.registrar\.net, and lies on ns-1/,
  ],
  [
    failing("ENOTFOUND"),
    /is delegated to none at all, and lies on ns-1\.awsdns-1\.com, ns-2\.awsdns-2\.net\. Cert/,
  ],
  [failing("ENODATA"), /is delegated to none at all/],
  [knowsNothing, /acme\.org is not known: the DNS of this network does not know org either\.$/],
  [
    failing("ETIMEOUT"),
    /^Whether the world finds the zone acme\.org is not known: DNS did not answer \(ETIMEOUT\)\.$/,
  ],
])("another delegation, or none, is told (%#)", async (resolve, warning) => {
  expect((await delegationOf("acme.org", wanted, resolve)).warning).toMatch(warning);
});
