// Plausible answers for what the program may ask of a provider. Nothing else is answered: a type or a function that is
// not told of here is a finding of the rehearsal. Names of properties are TypeScript's affair.

import { accountFunctions } from "./account.ts";
import { backupResources } from "./backup.ts";
import { builtinResources } from "./builtin.ts";
import { cacheResources } from "./cache.ts";
import { containerFunctions, containerResources } from "./containers.ts";
import { databaseFunctions, databaseResources } from "./database.ts";
import { dockerFunctions, dockerResources } from "./docker.ts";
import type { AnyFunction, AnyResource } from "./entry.ts";
import { firewallResources } from "./firewall.ts";
import { identityFunctions, identityResources } from "./identity.ts";
import { keyResources } from "./keys.ts";
import { loadBalancingFunctions, loadBalancingResources } from "./load-balancing.ts";
import { logResources } from "./logs.ts";
import { monitoringResources } from "./monitoring.ts";
import { networkFunctions, networkResources } from "./network.ts";
import { randomResources } from "./random.ts";
import { registryFunctions, registryResources } from "./registry.ts";
import { schedulerResources } from "./scheduler.ts";
import { searchResources } from "./search.ts";
import { secretResources } from "./secrets.ts";
import { storageResources } from "./storage.ts";

const RESOURCES: Readonly<Record<string, AnyResource>> = {
  ...backupResources,
  ...builtinResources,
  ...cacheResources,
  ...containerResources,
  ...databaseResources,
  ...dockerResources,
  ...firewallResources,
  ...identityResources,
  ...keyResources,
  ...loadBalancingResources,
  ...logResources,
  ...monitoringResources,
  ...networkResources,
  ...randomResources,
  ...registryResources,
  ...schedulerResources,
  ...searchResources,
  ...secretResources,
  ...storageResources,
};

const FUNCTIONS: Readonly<Record<string, AnyFunction>> = {
  ...accountFunctions,
  ...containerFunctions,
  ...databaseFunctions,
  ...dockerFunctions,
  ...identityFunctions,
  ...loadBalancingFunctions,
  ...networkFunctions,
  ...registryFunctions,
};

/** The tokens of all resource types and functions that are told of. */
export const catalogued = { resources: Object.keys(RESOURCES), functions: Object.keys(FUNCTIONS) };

/** The entry of a resource type token, undefined where there is none. */
export function resourceEntry(type: string): AnyResource | undefined {
  return RESOURCES[type];
}

/** The entry of a function token, undefined where there is none. */
export function functionEntry(token: string): AnyFunction | undefined {
  return FUNCTIONS[token];
}
