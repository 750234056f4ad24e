import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RdsConfig } from "../../config/stack-config.ts";

/** The storage of a database as RDS has it, in GiB. */
export interface DeployedStorage {
  readonly allocatedGb: number;
  /** Up to which it grows by itself; 0 when it does not. */
  readonly ceilingGb: number;
}

/** What is asked of RDS. */
export interface StorageArgs {
  readonly allocatedStorage: number;
  readonly maxAllocatedStorage: number;
  readonly iops?: number;
  readonly storageThroughput?: number;
}

/** The most that RDS offers, in GiB. */
const mostGb = 65536;

/**
 * From here on RDS stripes gp3 over four volumes, which bring more with them; below, neither may be named. Above they are
 * named because the provider otherwise sends those of the smaller storage with the larger one, which RDS refuses.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
 * https://github.com/hashicorp/terraform-provider-aws/issues/28382
 */
const striped = { fromGb: 400, iops: 12_000, storageThroughput: 500 };

/**
 * What to ask of RDS so that nothing shrinks, which it refuses: a database that has grown, by its key, by a larger
 * `nango:size` or by itself, is left as large as it is.
 */
export function storageArgs(
  wanted: Pick<RdsConfig, "storageGb" | "storageIsGiven" | "maxStorageGb">,
  deployed: DeployedStorage | undefined,
): StorageArgs {
  const least = wanted.storageIsGiven || deployed === undefined ? wanted.storageGb : 0;
  const allocatedStorage = Math.max(least, deployed?.allocatedGb ?? 0);
  const { fromGb, ...brought } = striped;
  return {
    allocatedStorage,
    maxAllocatedStorage: ceiling(wanted.maxStorageGb, allocatedStorage, deployed?.ceilingGb ?? 0),
    ...(allocatedStorage >= fromGb ? brought : {}),
  };
}

/**
 * The ceiling that is wanted, or the lowest that RDS takes: it has to be a tenth above the storage, unless it is the one
 * that is there already, which a database may have grown up to. Without room for a tenth RDS grows nothing: 0.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
 */
function ceiling(wantedGb: number, allocatedGb: number, deployedGb: number): number {
  const least = Math.ceil((allocatedGb * 11) / 10);
  if (wantedGb >= least) return wantedGb;
  const legal = [least, deployedGb].filter((gb) => gb >= allocatedGb && gb <= mostGb);
  return legal.length === 0 ? 0 : Math.min(...legal);
}

/** The storage of the database of that name, undefined when there is none yet. Previews look, too. */
export function deployedStorage(
  identifier: pulumi.Output<string>,
  opts: { readonly parent: pulumi.Resource },
): pulumi.Output<DeployedStorage | undefined> {
  return identifier.apply(async (id): Promise<DeployedStorage | undefined> => {
    // Asked for by a filter, since a lookup of one that is not there fails.
    const filters = [{ name: "db-instance-id", values: [id] }];
    const { instanceIdentifiers } = await aws.rds.getInstances({ filters }, opts);
    if (!instanceIdentifiers.includes(id)) return undefined;
    const found = await aws.rds.getInstance({ dbInstanceIdentifier: id }, opts);
    return { allocatedGb: found.allocatedStorage, ceilingGb: found.maxAllocatedStorage };
  });
}
