/**
 * What changing a key does to a stack that is deployed, in the words of the reference. Several can be true at once.
 */
export const effects = {
  nothing: "nothing that runs changes",
  "in place": "changed while it runs",
  "adds resources": "more is created and paid for, or less",
  "restarts Nango": "new tasks take over from old ones without a gap; on Docker, Nango is away for seconds",
  "stops Nango": "nobody is served until it is started again",
  "restarts the database": "away for minutes, with a standby for seconds",
  "restarts the log store": "away for a minute",
  "restarts Redis": "away for seconds",
  "replaces nodes": "new nodes take over from old ones, within the hour",
  "replaces the load balancer": "Nango is away until everyone's DNS knows the new one",
  "replaces everything": "nothing of the stack survives",
  "leaves data behind": "what was kept is not taken along",
  "deletes data": "what was kept is lost",
  "cannot be undone": "there is no way back",
  refused: "the deployment stops at what is protected, or refused by AWS or this project",
} as const;

export type Effect = keyof typeof effects;

/** For both targets alike, or for each. */
export type Change =
  | readonly Effect[]
  | { readonly aws: readonly Effect[]; readonly docker: readonly Effect[] };
