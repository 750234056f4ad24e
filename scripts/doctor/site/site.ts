import type { LookupFunction } from "node:net";
import type { Release } from "../../../infra/nango/releases.ts";

/** How hosts are found and trusted: as the machine does it, unless a test says otherwise. */
export interface Network {
  readonly lookup?: LookupFunction;
  /** A certificate to trust instead of those that Node trusts, as PEM. */
  readonly ca?: string;
  /** The port of plain HTTP. @default 80 */
  readonly plainPort?: number;
  /** How long an answer may take. @default 5000 */
  readonly milliseconds?: number;
  /** How long a websocket is watched. @default 90000 */
  readonly idleMilliseconds?: number;
}

/** What opens a Nango. It is sent over verified TLS only, or to this machine. */
export interface Secrets {
  readonly dashboard?: { readonly user: string; readonly password: string };
  /** By the name of Nango's environment. */
  readonly apiKeys: Readonly<Record<string, string>>;
}

/** What a stack says its Nango does. */
export interface Expected {
  /** `off` where no call is turned away. */
  readonly apiRateLimit?: number | "off";
  readonly websocketsPath?: string;
  /** Whether something completes the links to Connect UI with where the API is. */
  readonly linksAreCompleted: boolean;
}

/** What Nango tells every browser, in /env.js. */
export interface PublicEnvironment {
  readonly apiUrl?: string;
  readonly connectUrl?: string;
  /** The commit that it was built from. */
  readonly gitHash?: string;
  readonly features?: { readonly auth?: boolean; readonly allowSignup?: boolean };
}

/** A Nango, seen from outside. */
export interface Site {
  /** The origin of the API and the dashboard. */
  readonly url: URL;
  /** The origin of Connect UI; undefined when there is none. */
  readonly connectUrl: URL | undefined;
  /** Undefined when it could not be read. */
  readonly environment: PublicEnvironment | undefined;
  /** Or why there are none. */
  readonly secrets: Secrets | string;
  readonly expected: Expected;
  readonly network: Network;
  /** Whether there is time for what takes long. */
  readonly slow: boolean;
  /** The stack, for commands to copy. */
  readonly stack: string;
  /** The releases of Nango that are known, oldest first. */
  readonly knownReleases: () => Promise<readonly Release[]>;
}

export const isHttps = ({ protocol }: URL): boolean => protocol === "https:";

/** Whether a host is this machine, so that nobody can listen on the way. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
