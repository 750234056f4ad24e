import { access } from "./settings/access.ts";
import { backups } from "./settings/backups.ts";
import { dashboard } from "./settings/dashboard.ts";
import { databases } from "./settings/databases.ts";
import { docker } from "./settings/docker.ts";
import { general } from "./settings/general.ts";
import { logs } from "./settings/logs.ts";
import { monitoring } from "./settings/monitoring.ts";
import { network } from "./settings/network.ts";
import { redis } from "./settings/redis.ts";
import { secrets } from "./settings/secrets.ts";
import { service } from "./settings/service.ts";

/** The settings by subject, in the order in which the reference shows them. */
export const settingGroups = {
  General: general,
  Access: access,
  Network: network,
  Databases: databases,
  Backups: backups,
  "Logs and search": logs,
  Redis: redis,
  Secrets: secrets,
  Dashboard: dashboard,
  Service: service,
  Monitoring: monitoring,
  Docker: docker,
};

/** Every key of the `nango:` namespace. */
export const settings = {
  ...general,
  ...access,
  ...network,
  ...databases,
  ...backups,
  ...logs,
  ...redis,
  ...secrets,
  ...dashboard,
  ...service,
  ...monitoring,
  ...docker,
};

export type SettingName = keyof typeof settings;
