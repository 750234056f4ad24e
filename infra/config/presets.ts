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
  readonly cacheNodeType: string;
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
    memory: 2048,
    searchInstanceType: "t3.small.search",
    searchInstanceCount: 1,
    searchVolumeGb: 20,
    searchMasters: false,
    cacheNodeType: "cache.t4g.micro",
    cacheNodes: 1,
  },
  medium: {
    availabilityZones: 2,
    nat: "single",
    databaseInstanceClass: "db.t4g.medium",
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
    cacheNodeType: "cache.t4g.small",
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
    replicas: 3,
    maxReplicas: 10,
    cpu: 2048,
    memory: 4096,
    searchInstanceType: "r7g.large.search",
    searchInstanceCount: 3,
    searchVolumeGb: 100,
    searchMasters: true,
    cacheNodeType: "cache.m7g.large",
    cacheNodes: 2,
  },
};
