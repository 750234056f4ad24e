import { backup } from "./backup.ts";
import { hooks, lookups } from "./calls.ts";
import { containers } from "./containers.ts";
import { data, dataCalls } from "./data.ts";
import { firewall } from "./firewall.ts";
import type { CallPermissions, Grant, ResourcePermissions } from "./grant.ts";
import { identity, identityCalls } from "./identity.ts";
import { encryptionKeys } from "./keys.ts";
import { loadBalancing } from "./load-balancing.ts";
import { monitoring } from "./monitoring.ts";
import { nameCalls, names } from "./names.ts";
import { network } from "./network.ts";
import type { Place } from "./place.ts";
import { registry, registryCalls } from "./registry.ts";
import { scheduler } from "./scheduler.ts";
import { secretsAndLogs } from "./secrets-and-logs.ts";
import { storage } from "./storage.ts";
import { ofStack } from "./tags.ts";
import type { Rehearsal } from "../../rehearsal/rehearse.ts";

/** What resources take, by type token. */
export const resourcePermissions: Readonly<Record<string, ResourcePermissions>> = {
  ...containers,
  ...backup,
  ...data,
  ...encryptionKeys,
  ...firewall,
  ...identity,
  ...loadBalancing,
  ...monitoring,
  ...names,
  ...network,
  ...registry,
  ...scheduler,
  ...secretsAndLogs,
  ...storage,
};

/** What functions of the providers take, by token. */
export const callPermissions: Readonly<Record<string, CallPermissions>> = {
  ...dataCalls,
  ...identityCalls,
  ...lookups,
  ...nameCalls,
  ...registryCalls,
};

/** What a stack takes, and what of it the table does not know. */
export interface Needed {
  readonly grants: readonly Grant[];
  /** Types, functions and hooks, such as those that infra/customize.ts adds. */
  readonly unknown: readonly string[];
}

/** Everything that a stack takes, by what it rehearsed. */
export function needed(
  { resources, invokes, hooks: registered }: Pick<Rehearsal, "resources" | "invokes" | "hooks">,
  place: Place,
): Needed {
  const unknown = new Set<string>();
  const known = <T>(what: string, found: T | undefined): T[] => {
    if (found !== undefined) return [found];
    unknown.add(what);
    return [];
  };
  const grants = [
    ...resources
      .filter(({ type }) => reachesAws(type))
      .flatMap((resource) =>
        known(resource.type, resourcePermissions[resource.type]).flatMap((entry) =>
          entry.grants(resource, place),
        ),
      ),
    ...invokes.flatMap(({ token }) =>
      known(token, callPermissions[token]).flatMap((entry) => entry.grants(place)),
    ),
    ...registered.flatMap(({ name }) =>
      known(
        `the hook ${name}`,
        hooks.find(({ called }) => called.test(name)),
      ).flatMap((hook) => hook.grants(place)),
    ),
  ];
  return { grants: grants.map((grant) => ofStack(grant, place)), unknown: [...unknown] };
}

/** Whether a resource is something of AWS's. What Docker pushes goes into AWS, too. */
export function reachesAws(type: string): boolean {
  return (type.startsWith("aws:") || type === "docker:index/image:Image") && !type.startsWith("pulumi:");
}
