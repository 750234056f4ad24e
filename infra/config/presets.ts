import type { Nat } from "./stack-config.ts";

/** What `nango:size` decides. */
export interface Preset {
  readonly availabilityZones: number;
  readonly nat: Nat;
  readonly databaseInstanceClass: string;
  readonly databaseStorageGb: number;
  readonly databaseMaxStorageGb: number;
  readonly databaseMultiAz: boolean;
  readonly databaseBackupDays: number;
  readonly replicas: number;
  readonly maxReplicas: number;
  readonly cpu: number;
  readonly memory: number;
  readonly searchInstanceType: string;
  readonly searchInstanceCount: number;
  readonly searchVolumeGb: number;
  /** Whether the search domain has three dedicated master nodes. */
  readonly searchMasters: boolean;
  /** A primary and its replicas, in different zones. */
  readonly cacheNodes: number;
}

export type Size = "small" | "medium" | "large";

export const presets: Readonly<Record<Size, Preset>> = {
  small: {
    availabilityZones: 2,
    nat: "none",
    databaseInstanceClass: "db.t4g.micro",
    databaseStorageGb: 20,
    databaseMaxStorageGb: 100,
    databaseMultiAz: false,
    databaseBackupDays: 7,
    replicas: 1,
    maxReplicas: 1,
    cpu: 512,
    // Server and Connect UI take 325 MB at rest and 525 MB under load (`leastMemory`), and Fargate sells half a processor with
    // this much at the least.
    memory: 1024,
    searchInstanceType: "t3.small.search",
    searchInstanceCount: 1,
    searchVolumeGb: 20,
    searchMasters: false,
    cacheNodes: 1,
  },
  medium: {
    availabilityZones: 2,
    nat: "single",
    // The processors of db.t4g.medium, two of 20 % each, with half the memory, of which the free edition needs little: it
    // keeps connections, and no records. The pools fit its connections at full scale (connection-budget.ts).
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
    databaseInstanceClass: "db.t4g.small",
    databaseStorageGb: 50,
    databaseMaxStorageGb: 200,
    databaseMultiAz: true,
    databaseBackupDays: 14,
    replicas: 2,
    maxReplicas: 4,
    cpu: 1024,
    memory: 2048,
    searchInstanceType: "t3.medium.search",
    searchInstanceCount: 2,
    searchVolumeGb: 50,
    searchMasters: true,
    cacheNodes: 2,
  },
  large: {
    availabilityZones: 3,
    nat: "perAz",
    databaseInstanceClass: "db.m7g.large",
    databaseStorageGb: 100,
    databaseMaxStorageGb: 1000,
    databaseMultiAz: true,
    databaseBackupDays: 30,
    // Two in each zone. A node process works on one processor (api-rate-limit.ts), so that more of them carry more than
    // larger ones; up to twelve, each has more connections to the database than a task of medium.
    replicas: 6,
    maxReplicas: 12,
    cpu: 1024,
    memory: 2048,
    searchInstanceType: "r7g.large.search",
    searchInstanceCount: 3,
    searchVolumeGb: 100,
    searchMasters: true,
    cacheNodes: 2,
  },
};
