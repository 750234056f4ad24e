/** What a month is taken to bring, where no configuration says it. */
export interface Assumptions {
  /** Hours a month that the stack is there. */
  readonly hours: number;
  /** Tasks that run on average; undefined for the fewest that the stack keeps. */
  readonly tasks: number | undefined;
  /** GB that the tasks send to the internet: answers to callers and calls to APIs. */
  readonly gbOut: number;
  /** GB through the NAT gateways, both ways. */
  readonly natGb: number;
  /** GB through interface endpoints. */
  readonly endpointGb: number;
  /** Capacity units that a load balancer needs on average, of which one is 25 new connections a second or 1 GB an hour. */
  readonly lcu: number;
  /** GB of logs that all log groups together take in. */
  readonly logGb: number;
  /** GB of a database's backups beyond the size of the database, up to which they cost nothing. */
  readonly backupGb: number;
  /** GB in a vault of AWS Backup; undefined for as many as the stack's databases have: the first backup is whole, later ones hold what changed. */
  readonly vaultGb: number | undefined;
  /** GB in a repository of images. */
  readonly imageGb: number;
  /** GB in a bucket. */
  readonly bucketGb: number;
  /** Millions of requests that a firewall looks at. */
  readonly millionRequests: number;
}

/** Hours of an average month, as AWS's own calculator counts them. */
export const hoursOfMonth = 730;

/** A small installation's month. */
export const usualMonth: Assumptions = {
  hours: hoursOfMonth,
  tasks: undefined,
  gbOut: 10,
  natGb: 20,
  endpointGb: 1,
  lcu: 0.1,
  logGb: 1,
  backupGb: 0,
  vaultGb: undefined,
  imageGb: 1,
  bucketGb: 1,
  millionRequests: 1,
};

/** A month in which no task runs: nobody is answered, and nothing is logged. What is stored stays. */
export const idleMonth: Assumptions = {
  ...usualMonth,
  gbOut: 0,
  natGb: 0,
  endpointGb: 0,
  lcu: 0,
  logGb: 0,
  millionRequests: 0,
};

export type AssumptionName = keyof Assumptions;

/** What each is, in a few words. */
export const assumptionTexts: Readonly<Record<AssumptionName, string>> = {
  hours: "hours that the stack is there",
  tasks: "tasks that run on average",
  gbOut: "GB sent to the internet",
  natGb: "GB through the NAT gateways, both ways",
  endpointGb: "GB through an interface endpoint",
  lcu: "capacity units that a load balancer needs on average",
  logGb: "GB of logs, of all log groups together",
  backupGb: "GB of backups of a database beyond its size",
  vaultGb: "GB of backups in a vault of AWS Backup",
  imageGb: "GB of images in a repository",
  bucketGb: "GB in a bucket",
  millionRequests: "million requests that a firewall looks at",
};

/** What the stack itself answers, where nobody gives a number. */
const fromTheStack: Partial<Record<AssumptionName, string>> = {
  tasks: "the fewest",
  vaultGb: "as many as the databases have",
};

/** A number that is assumed, or in words where it comes from. */
export function valueText(name: AssumptionName, { [name]: value }: Assumptions): string {
  return value === undefined ? (fromTheStack[name] ?? "") : String(value);
}

/** The option of the command line, as in `--gb-out`. */
export function optionOf(name: AssumptionName): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
