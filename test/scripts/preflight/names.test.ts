import { expect, test } from "vitest";
import { deployedAs } from "./deployed-state.ts";
import { certificate as check, covers } from "../../../scripts/preflight/checks/certificate.ts";
import { caa, delegation, hostedZone } from "../../../scripts/preflight/checks/names.ts";
import type { Network } from "../../../scripts/preflight/subject.ts";
import {
  type Answer,
  certificate,
  day,
  nameServers,
  network,
  refusal,
  said,
  subject,
  zone,
} from "./recorded-aws.ts";

const privateZone = { ...zone, Config: { PrivateZone: true } };
const other = { ...zone, Id: "/hostedzone/Z9999999999ABCDEFGHIJ" };

test.each<[string, Readonly<Record<string, Answer>>, RegExp]>([
  ["one that there is", {}, /^good: example.com \(Z0123456789ABCDEFGHIJ\) is there, and public$/],
  ["none", { ListHostedZonesByName: {} }, /^bad: this account has no hosted zone example.com$/],
  [
    "one that comes after it in the alphabet",
    { ListHostedZonesByName: { HostedZones: [{ ...zone, Name: "example.net." }] } },
    /^bad: this account has no hosted zone example.com$/,
  ],
  [
    "a private one",
    { ListHostedZonesByName: { HostedZones: [privateZone] } },
    /^bad: the hosted zone example.com is private/,
  ],
  ["a private one beside it", { ListHostedZonesByName: { HostedZones: [privateZone, zone] } }, /^good/],
  [
    "two of one name",
    { ListHostedZonesByName: { HostedZones: [zone, other] } },
    /^bad: this account has 2 public hosted zones example.com: Z0123456789ABCDEFGHIJ, Z9999999999ABCDEFGHIJ$/,
  ],
  [
    "one that is gone",
    { GetHostedZone: refusal("NoSuchHostedZone", "No hosted zone found") },
    /^bad: this account has no hosted zone Z0123/,
  ],
])("a hosted zone: %s", async (_, answers, says) => {
  expect(await said([hostedZone], await subject("dev", answers))).toEqual([expect.stringMatching(says)]);
});

test("a zone that does not hold the domain", async () => {
  const answers = {
    GetHostedZone: {
      HostedZone: { ...zone, Name: "acme.org." },
      DelegationSet: { NameServers: nameServers },
    },
  };
  expect(await said([hostedZone], await subject("dev", answers))).toEqual([
    "bad: nango-dev.example.com, connect.nango-dev.example.com does not lie in the zone acme.org",
  ]);
});

const none = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error("none"), { code });
};
const servers =
  (known: Readonly<Record<string, readonly string[]>>): Network["resolveNs"] =>
  async (name) =>
    known[name] ?? none("ENODATA")();

test.each<[string, Network["resolveNs"], RegExp]>([
  [
    "here",
    servers({ "example.com": nameServers }),
    /^good: the world is led to the name servers of example.com$/,
  ],
  [
    "to a registrar",
    servers({ "example.com": ["ns1.registrar.net"] }),
    /^bad: .* delegated to ns1.registrar.net, and lies on ns-1/,
  ],
  ["nowhere", servers({ com: ["a.gtld-servers.net"] }), /^bad: .* delegated to none at all/],
  [
    "unknown where nothing of the world is known",
    none("ENOTFOUND"),
    /^warning: .* does not know com either\.$/,
  ],
  ["unknown where nobody answers", none("ETIMEOUT"), /^warning: .* DNS did not answer \(ETIMEOUT\)\.$/],
  [
    "away below",
    servers({ "example.com": nameServers, "nango-dev.example.com": ["ns-9.awsdns-09.org"] }),
    /^bad: nango-dev.example.com is a zone of its own/,
  ],
])("a delegation that leads %s", async (_, resolveNs, says) => {
  const lines = await said([delegation], await subject("dev", {}, { network: { ...network, resolveNs } }));
  expect(lines).toEqual([expect.stringMatching(says)]);
});

test.each<[string, Awaited<ReturnType<Network["resolveCaa"]>>, RegExp]>([
  [
    "that let Amazon issue",
    [
      { critical: 0, issue: "letsencrypt.org" },
      { critical: 0, issue: "amazontrust.com; account=1" },
    ],
    /^good: .* let Amazon issue$/,
  ],
  [
    "that let others issue",
    [{ critical: 0, issue: "letsencrypt.org" }],
    /^bad: .* of example.com let letsencrypt.org issue certificates, and not Amazon$/,
  ],
  ["that let nobody issue", [{ critical: 0, issue: ";" }], /^bad: .* let nobody issue/],
  [
    "that are about reports alone",
    [{ critical: 0, iodef: "mailto:a@example.com" }],
    /^good: .* restrict nobody$/,
  ],
])("CAA records %s", async (_, records, says) => {
  const resolveCaa: Network["resolveCaa"] = async (name) =>
    name === "example.com" ? records : none("ENODATA")();
  const lines = await said([caa], await subject("dev", {}, { network: { ...network, resolveCaa } }));
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(says);
});

test("a certificate that the stack has already is not in the way", async () => {
  const state = await deployedAs("dev");
  const others = {
    resolveNs: servers({ "example.com": ["ns1.registrar.net"] }),
    resolveCaa: async () => [{ critical: 0, issue: "letsencrypt.org" }],
  };
  const about = await subject("dev", {}, { state, network: { ...network, ...others } });
  const lines = [...(await said([delegation], about)), ...(await said([caa], about))];
  expect(lines.map((line) => line.split(":")[0])).toEqual(["warning", "warning", "warning"]);
});

test("the CAA records of the nearer name decide", async () => {
  const resolveCaa: Network["resolveCaa"] = async (name) =>
    name === "example.com"
      ? [{ critical: 0, issue: "letsencrypt.org" }]
      : name === "nango-dev.example.com"
        ? [{ critical: 0, issue: "amazon.com" }]
        : none("ENOTFOUND")();
  const lines = await said([caa], await subject("dev", {}, { network: { ...network, resolveCaa } }));
  expect(lines.map((line) => line.split(":")[0])).toEqual(["good", "good"]);
});

const issued = (changes: object) => ({
  DescribeCertificate: { Certificate: { ...certificate, ...changes } },
});

test.each<[string, Readonly<Record<string, Answer>>, RegExp]>([
  [
    "that is as it has to be",
    {},
    /^good: it is issued, for nango-dev.example.com, \*\.nango-dev.example.com$/,
  ],
  [
    "that there is not",
    { DescribeCertificate: refusal("ResourceNotFoundException", "Could not find certificate") },
    /^bad: ACM has no certificate/,
  ],
  [
    "that is not validated",
    issued({ Status: "PENDING_VALIDATION" }),
    /^bad: its status is PENDING_VALIDATION/,
  ],
  [
    "whose wildcard is a level too high",
    issued({ DomainName: "*.example.com", SubjectAlternativeNames: ["*.example.com"] }),
    /^bad: it is for \*\.example.com, and not for connect.nango-dev.example.com; a wildcard covers one level of names$/,
  ],
  ["that has expired", issued({ NotAfter: new Date(0) }), /^bad: it has expired$/],
  [
    "that was imported, and ends",
    issued({ Type: "IMPORTED", NotAfter: new Date(Date.now() + 10.5 * day) }),
    /^warning: it ends in 10 days, and ACM does not renew what was imported$/,
  ],
])("a certificate %s", async (_, answers, says) => {
  expect(await said([check], await subject("everything given", answers))).toEqual([
    expect.stringMatching(says),
  ]);
});

test("a certificate of another region", async () => {
  const lines = await said([check], await subject("everything given", {}, { region: "us-east-1" }));
  expect(lines).toEqual([expect.stringMatching(/^bad: it is in eu-central-1, and a load balancer takes/)]);
});

test("a wildcard covers one level of names", () => {
  expect(
    ["a.example.com", "a.b.example.com", "example.com", "A.EXAMPLE.COM"].map((host) =>
      covers("*.example.com", host),
    ),
  ).toEqual([true, false, false, true]);
});
