import { backups } from "./backups.ts";
import { bootstrap } from "./bootstrap.ts";
import { commands } from "./commands.ts";
import { data } from "./data.ts";
import { docker } from "./docker.ts";
import type { Fault } from "./fault.ts";
import { monitoring } from "./monitoring.ts";
import { nango } from "./nango.ts";
import { network } from "./network.ts";
import { policies } from "./policies.ts";
import { service } from "./service.ts";

/** All of them. */
export const faults: readonly Fault[] = [
  ...network,
  ...bootstrap,
  ...data,
  ...backups,
  ...service,
  ...monitoring,
  ...nango,
  ...docker,
  ...commands,
  ...policies,
];
