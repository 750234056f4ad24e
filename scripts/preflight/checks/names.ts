import type { HostedZone } from "@aws-sdk/client-route-53";
import { awsCommand } from "../../../infra/config/aws-command.ts";
import { bad, type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import { delegationOf, isAbsence, type ResolveCaa } from "../../dns/delegation.ts";
import type { AwsCheck, Planned, Subject } from "../subject.ts";

const elsewhere = "the stack makes no DNS records: DNS is elsewhere, or there is no domain";

/** The zone that the stack's records go into: its name or its ID, as the program asks for it. */
function wantedZone({ plan }: Planned): { readonly name: string } | { readonly id: string } | undefined {
  const [name] = plan.asked("aws:route53/getZone:getZone", "name");
  if (name !== undefined) return { name: plainName(name) };
  const [record] = plan.ofType("aws:route53/record:Record");
  return record === undefined ? undefined : { id: String(record.inputs["zoneId"]) };
}

const plainName = (name: string) => name.toLowerCase().replace(/\.$/, "");
const bareId = (id = "") => id.replace(/^\/hostedzone\//, "");

/** A zone that was found, or what is wrong. */
type Found = { readonly zone: HostedZone; readonly nameServers: readonly string[] } | Outcome;

async function findZone(subject: Subject): Promise<Found | undefined> {
  const wanted = wantedZone(subject);
  if (wanted === undefined) return undefined;
  const { route53 } = subject.aws;
  const id = "id" in wanted ? wanted.id : await idOf(subject, wanted.name);
  if (typeof id !== "string") return id;
  try {
    const { HostedZone: zone, DelegationSet } = await route53.getHostedZone({ Id: id });
    if (zone !== undefined) return { zone, nameServers: DelegationSet?.NameServers ?? [] };
  } catch (error) {
    if (!["NoSuchHostedZone", "InvalidInput"].includes((error as Error).name)) throw error;
  }
  return bad(
    `this account has no hosted zone ${id}`,
    `nango:hostedZone names a zone of the account that the credentials are for: ${listing(subject)}`,
  );
}

const listing = ({ profile }: Subject) =>
  awsCommand(["route53", "list-hosted-zones"], { region: undefined, profile });

async function idOf(subject: Subject, name: string): Promise<string | Outcome> {
  const { aws, stack } = subject;
  const { route53 } = aws;
  const { HostedZones = [] } = await route53.listHostedZonesByName({ DNSName: name, MaxItems: 100 });
  const called = HostedZones.filter((zone) => plainName(zone.Name ?? "") === name);
  const zones = called.filter(({ Config }) => Config?.PrivateZone !== true);
  const [zone, other] = zones;
  if (zone === undefined)
    return bad(
      called.length === 0
        ? `this account has no hosted zone ${name}`
        : `the hosted zone ${name} is private, and the certificate is validated in a public one`,
      `nango:hostedZone names a public zone of the account that the credentials are for: ${listing(subject)}`,
    );
  if (other !== undefined)
    return bad(
      `this account has ${zones.length} public hosted zones ${name}: ${zones.map(({ Id }) => bareId(Id)).join(", ")}`,
      `name the one that the world is led to by its ID: npx pulumi config set -s ${stack} nango:hostedZone ${bareId(zone.Id)}`,
    );
  return bareId(zone.Id);
}

export const hostedZone: AwsCheck = {
  id: "hosted-zone",
  title: "Hosted zone",
  permissions: ["route53:GetHostedZone", "route53:ListHostedZonesByName"],
  async run(subject): Promise<Outcome> {
    const found = await findZone(subject);
    if (found === undefined) return skipped(elsewhere);
    if ("verdict" in found) return found;
    const { zone } = found;
    const name = plainName(zone.Name ?? "");
    if (zone.Config?.PrivateZone === true)
      return bad(
        `the hosted zone ${name} is private, and the certificate is validated in a public one`,
        "name a public zone in nango:hostedZone",
      );
    const outside = subject.plan.hosts.filter((host) => host !== name && !host.endsWith(`.${name}`));
    return outside.length === 0
      ? good(`${name} (${bareId(zone.Id)}) is there, and public`)
      : bad(
          `${outside.join(", ")} does not lie in the zone ${name}`,
          "name a zone that holds nango:domain and nango:connectDomain",
        );
  },
};

const CERTIFICATE = "aws:acm/certificate:Certificate";

/** Whether the deployment waits for a certificate, which the stack does not have yet. */
function isAwaited({ plan }: Planned): boolean {
  return plan
    .ofType(CERTIFICATE)
    .some((certificate) => !plan.isAsBefore(certificate, "domainName", "subjectAlternativeNames"));
}

export const delegation: AwsCheck = {
  id: "delegation",
  title: "Delegation",
  permissions: ["route53:GetHostedZone", "route53:ListHostedZonesByName"],
  async run(subject): Promise<Outcome> {
    const found = await findZone(subject);
    if (found === undefined) return skipped(elsewhere);
    if ("verdict" in found) return skipped("see Hosted zone");
    const { zone, nameServers } = found;
    const name = plainName(zone.Name ?? "");
    const { leads, warning: says = "" } = await delegationOf(name, nameServers, subject.network.resolveNs);
    const remedy = `make these the zone's name servers where ${name} is registered, or in the DNS of the domain above: ${nameServers.join(", ")}; where this network has DNS of its own, ask from elsewhere first`;
    if (leads === "unknown")
      return warning(
        says,
        `ask from elsewhere whether ${name} has these name servers: ${nameServers.join(", ")}`,
      );
    if (leads === "elsewhere") return isAwaited(subject) ? bad(says, remedy) : warning(says, remedy);
    const between = await ownZonesBetween(subject, name);
    return between.length === 0
      ? good(`the world is led to the name servers of ${name}`)
      : bad(
          `${between.join(", ")} is a zone of its own, on other name servers than ${name}: records made in ${name} are not found`,
          "name the zone of that name in nango:hostedZone",
        );
  },
};

/** The names between a zone and the stack's hosts that are delegated away. */
async function ownZonesBetween({ plan, network }: Subject, zone: string): Promise<readonly string[]> {
  const between = new Set(
    plan.hosts
      .filter((host) => host.endsWith(`.${zone}`))
      .flatMap((host) => ancestors(host).filter((name) => name.length > zone.length)),
  );
  const asked = [...between].map(async (name) => {
    const servers = await network.resolveNs(name).catch(() => []);
    return servers.length === 0 ? [] : [name];
  });
  return (await Promise.all(asked)).flat();
}

/** `a.b.c`, `b.c`, `c` */
function ancestors(name: string): string[] {
  const labels = name.split(".");
  return labels.map((_, index) => labels.slice(index).join("."));
}

/** https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html */
const amazon = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"];

export const caa: Check<Planned> = {
  id: "caa",
  title: "CAA records",
  async run(subject): Promise<Outcome | Outcome[]> {
    if (subject.plan.ofType(CERTIFICATE).length === 0)
      return skipped("no certificate is issued for this stack");
    return Promise.all(
      subject.plan.hosts.map(async (host) => {
        const outcome = await judgeIssuers(host, subject.network.resolveCaa);
        // One that is issued already is renewed later.
        const isLater = outcome.verdict === "bad" && !isAwaited(subject);
        return { ...outcome, ...(isLater && { verdict: "warning" as const }), about: host };
      }),
    );
  },
};

/** The records of the nearest name that has any decide. https://datatracker.ietf.org/doc/html/rfc8659#section-3 */
async function judgeIssuers(host: string, resolve: ResolveCaa): Promise<Outcome> {
  for (const name of ancestors(host)) {
    const records = await resolve(name).catch((error: unknown) => {
      if (isAbsence(error)) return [];
      throw error;
    });
    if (records.length === 0) continue;
    // Wildcards have a rule of their own, and none is issued here.
    const issuers = records.flatMap(({ issue }) =>
      issue === undefined ? [] : [issue.split(";")[0]!.trim()],
    );
    if (issuers.length === 0) return good(`the CAA records of ${name} restrict nobody`);
    return issuers.some((issuer) => amazon.includes(issuer.toLowerCase()))
      ? good(`the CAA records of ${name} let Amazon issue`)
      : bad(
          `the CAA records of ${name} let ${issuers.filter((issuer) => issuer !== "").join(", ") || "nobody"} issue certificates, and not Amazon`,
          `add a record to ${name}: 0 issue "amazon.com"`,
        );
  }
  return good("no CAA record restricts who may issue");
}
