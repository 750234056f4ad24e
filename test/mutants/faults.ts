import { bootstrap } from "./bootstrap.ts";
import { data } from "./data.ts";
import { docker } from "./docker.ts";
import type { Fault } from "./fault.ts";
import { monitoring } from "./monitoring.ts";
import { nango } from "./nango.ts";
import { network } from "./network.ts";
import { service } from "./service.ts";

/** All of them. */
export const faults: readonly Fault[] = [
  ...network,
  ...bootstrap,
  ...data,
  ...service,
  ...monitoring,
  ...nango,
  ...docker,
];
