import { lookUp } from "./time-limit.ts";

/** A public hosted zone of an account. */
export interface HostedZone {
  /** As in `Z0123456789ABCDEFGHIJ`. */
  readonly id: string;
  /** Without the dot at its end. */
  readonly name: string;
}

/** What an account has, or the line that says why it is not known. */
export type HostedZones = { readonly zones: readonly HostedZone[] } | { readonly unknown: string };

interface Account {
  /** As the answers have them. */
  readonly profile: string | undefined;
  readonly region: string | undefined;
}

/** The IAM actions that it takes. */
export const permissions = ["route53:GetHostedZone", "route53:ListHostedZones"];

/** The most pages of a hundred zones that are asked for. */
const mostPages = 10;

/** Lists the public hosted zones of the account that the credentials lead to, by name. Never throws. */
export async function hostedZones(account: Account): Promise<HostedZones> {
  try {
    const zones = await lookUp(async (signal) => {
      const { client, ListHostedZonesCommand } = await route53(account);
      const found: HostedZone[] = [];
      let marker: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const command = new ListHostedZonesCommand(marker === undefined ? {} : { Marker: marker });
        const { HostedZones: listed = [], NextMarker } = await client.send(command, { abortSignal: signal });
        found.push(
          ...listed
            .filter(({ Config }) => Config?.PrivateZone !== true)
            .map(({ Id = "", Name = "" }) => ({ id: bareId(Id), name: Name.replace(/\.$/, "") })),
        );
        if (NextMarker === undefined) break;
        marker = NextMarker;
      }
      return found;
    });
    return { zones: zones.toSorted((a, b) => a.name.localeCompare(b.name)) };
  } catch (error) {
    return { unknown: whyNot(error) };
  }
}

/** The name servers to which the domain above a zone has to delegate it. Throws what AWS or the time limit throws. */
export async function nameServersOf(zone: HostedZone, account: Account): Promise<readonly string[]> {
  return lookUp(async (signal) => {
    const { client, GetHostedZoneCommand } = await route53(account);
    const { DelegationSet } = await client.send(new GetHostedZoneCommand({ Id: zone.id }), {
      abortSignal: signal,
    });
    return DelegationSet?.NameServers ?? [];
  });
}

async function route53({ profile, region = "us-east-1" }: Account) {
  // They take a while to load, which those wait for only who have come so far.
  const { awsCredentials } = await import("../../infra/aws/deploying/credentials.ts");
  const credentials = await awsCredentials({ ...(profile !== undefined && { profile }) });
  const { throughProxy } = await import("../../infra/aws/deploying/outgoing-proxy.ts");
  const sdk = await import("@aws-sdk/client-route-53");
  return {
    ...sdk,
    client: new sdk.Route53Client({
      region,
      maxAttempts: 1,
      ...(await throughProxy()),
      ...(credentials && { credentials }),
    }),
  };
}

/** `/hostedzone/Z...` as the API gives it. */
function bareId(id: string): string {
  return id.replace(/^\/hostedzone\//, "");
}

function whyNot(error: unknown): string {
  const said = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return `The account's hosted zones cannot be listed (${said}).`;
}

/** The zone that holds a domain: the one with the longest name, where several do. */
export function zoneHolding(domain: string, zones: readonly HostedZone[]): HostedZone | undefined {
  return zones
    .filter(({ name }) => domain === name || domain.endsWith(`.${name}`))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
}

/** How the stack's file names a zone: by its ID where the account has several of that name. */
export function referenceTo(zone: HostedZone, zones: readonly HostedZone[]): string {
  return zones.filter(({ name }) => name === zone.name).length > 1 ? zone.id : zone.name;
}

/** The zone that an answer names. */
export function zoneNamed(reference: string, zones: readonly HostedZone[]): HostedZone | undefined {
  const name = reference.replace(/\.$/, "");
  return zones.find((zone) => zone.id === reference || zone.name === name);
}
