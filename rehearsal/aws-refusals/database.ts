import { numberIn } from "../../project/values.ts";
import { awsCommand } from "../../infra/config/aws-command.ts";
import type { Rule } from "./plan.ts";
import type { Finding, RecordedResource } from "../record.ts";

const INSTANCE = "aws:rds/instance:Instance";

/** From here on RDS spreads a gp3 volume over four, with 12,000 IOPS at least; below, the IOPS cannot be chosen. */
const STRIPED_GB = 400;
const STRIPED_IOPS = 12_000;

function finding({ urn }: RecordedResource, property: string, message: string): Finding {
  return { urn, property, message };
}

/** The storage after the change: the provider leaves one that shrinks alone, as long as it may grow by itself. */
function storageAfter(
  before: RecordedResource | undefined,
  after: RecordedResource,
): { readonly gb: number | undefined; readonly shrinks: boolean } {
  const wanted = numberIn(after.inputs, "allocatedStorage");
  const had = before && numberIn(before.inputs, "allocatedStorage");
  if (wanted === undefined || had === undefined || wanted >= had) return { gb: wanted, shrinks: false };
  // https://github.com/hashicorp/terraform-provider-aws/blob/v6.0.0/internal/service/rds/instance.go (allocated_storage)
  const mayGrow = (numberIn(after.inputs, "maxAllocatedStorage") ?? 0) > wanted;
  return { gb: had, shrinks: !mayGrow };
}

const leastCeiling = (gb: number) => Math.ceil((gb * 11) / 10);

/** What RDS refuses of a database's storage. */
export const storageOnlyGrows: Rule = (plan) =>
  plan.ofType(INSTANCE).flatMap((after): Finding[] => {
    const before = after.change?.kind === "update" ? plan.before(after) : undefined;
    const { gb, shrinks } = storageAfter(before, after);
    const ceiling = numberIn(after.inputs, "maxAllocatedStorage");
    if (shrinks)
      return [
        finding(
          after,
          "allocatedStorage",
          `AWS takes no storage away: give ${gb} GiB or more. A smaller database is a new one, restored from a dump. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html`,
        ),
      ];
    if (gb !== undefined && ceiling !== undefined && ceiling < leastCeiling(gb))
      return [
        finding(
          after,
          "maxAllocatedStorage",
          `AWS wants the maximum a tenth above the storage that is there (${gb} GiB, which never shrinks): give ${leastCeiling(gb)} or more. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html`,
        ),
      ];
    return [];
  });

/** `Invalid iops value for engine name postgres and storage type gp3: 3000`. */
export const gp3KnowsAThreshold: Rule = (plan) =>
  plan.ofType(INSTANCE).flatMap((after): Finding[] => {
    const gb = numberIn(after.inputs, "allocatedStorage");
    if (after.inputs["storageType"] !== "gp3" || gb === undefined) return [];
    const iops = numberIn(after.inputs, "iops");
    const before = after.change?.kind === "update" ? plan.before(after) : undefined;
    const had = (before && numberIn(before.inputs, "allocatedStorage")) ?? gb;
    const link = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage";
    if (gb < STRIPED_GB)
      return iops === undefined
        ? []
        : [
            finding(
              after,
              "iops",
              `AWS takes no IOPS for gp3 below ${STRIPED_GB} GiB: leave them out. ${link}`,
            ),
          ];
    // Across the threshold the provider sends the IOPS that it knows, which are those from below.
    // https://github.com/hashicorp/terraform-provider-aws/issues/28382
    const sent = iops ?? (had < STRIPED_GB ? 3000 : STRIPED_IOPS);
    if (sent >= STRIPED_IOPS) return [];
    const refused = `AWS refuses ${sent} IOPS for gp3 of ${STRIPED_GB} GiB or more (12,000 at least)`;
    return [
      before === undefined || iops !== undefined
        ? finding(after, "iops", `${refused}: give ${STRIPED_IOPS} or more. ${link}`)
        : finding(
            after,
            "allocatedStorage",
            `${refused}, and the provider sends those that the smaller volume had: grow the database by RDS first (${growing(before, gb)}), then deploy with --refresh. ${link}`,
          ),
    ];
  });

/** The command that grows a database past the threshold. */
function growing({ inputs, outputs }: RecordedResource, gb: number): string {
  const [, , , region] = String(outputs["arn"]).split(":");
  const identifier = String(outputs["identifier"] ?? inputs["identifier"]);
  const size = ["--allocated-storage", String(gb), "--iops", String(STRIPED_IOPS), "--apply-immediately"];
  return awsCommand(["rds", "modify-db-instance", "--db-instance-identifier", identifier, ...size], {
    region,
  });
}

/** A database goes up to a newer major version and never back. */
export const versionOnlyRises: Rule = (plan) =>
  plan.updated(INSTANCE).flatMap(({ after, before }): Finding[] => {
    const major = ({ inputs }: RecordedResource) => Number.parseInt(String(inputs["engineVersion"]), 10);
    if (!(major(after) < major(before))) return [];
    return [
      finding(
        after,
        "engineVersion",
        `AWS takes no database back from version ${major(before)} to ${major(after)}: restore a snapshot of before the upgrade into a new one. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.html`,
      ),
    ];
  });

/** What was protected when it was deployed last: Pulumi goes by the new protection, RDS by the old one. */
export const protectedDatabasesStay: Rule = (plan) =>
  plan.ofType(INSTANCE).flatMap((after): Finding[] => {
    const before = after.change?.kind === "replace" ? plan.before(after) : undefined;
    if (before?.inputs["deletionProtection"] !== true || after.change?.retained === true) return [];
    return [
      finding(
        after,
        "deletionProtection",
        "AWS deletes no database that is protected: deploy nango:allowDataLoss by itself first, which takes the protection away, and then this change. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
      ),
    ];
  });
