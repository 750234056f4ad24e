/**
 * What Nango lets a caller do. Unless told otherwise it answers 200 calls a minute for each account, `off` none is turned
 * away. The limit is one for all customers of the account; with Redis also one for all tasks.
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/utils/lib/environment/parse.ts#L73
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/middleware/ratelimit.middleware.ts#L18-L75
 */
export type ApiRateLimit = number | "off";

/** Units of CPU of which one virtual processor has 1024; node works on one, so that more for a task carries no more. */
const mostCpu = 1024;

/** Measured with proxied calls of 500 bytes, ten at a time: 5,460 a minute on 512 units of CPU, 13,260 on 1024. */
const carriedByHalfProcessor = 5000;

/** What is planned of that. The rest is for webhooks, OAuth, the dashboard and large answers. */
const plannedShare = 0.6;

/** How many API calls a minute a task with so much CPU (units of 1/1024 of a virtual processor) carries. */
export function carriedCallsPerMinute(cpu: number): number {
  return (carriedByHalfProcessor * Math.min(cpu, mostCpu)) / 512;
}

/** How many API calls a minute are planned for a task with so much CPU. */
export function plannedCallsPerMinute(cpu: number): number {
  return Math.floor(carriedCallsPerMinute(cpu) * plannedShare);
}
