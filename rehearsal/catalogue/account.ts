import type * as aws from "@pulumi/aws";

import { invocation } from "./entry.ts";

/** Where the program runs, and as whom. */
export const accountFunctions = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": invocation<
    aws.GetAvailabilityZonesArgs,
    aws.GetAvailabilityZonesResult
  >({
    answer: ({ region, inputs }) => {
      const names = ["a", "b", "c"].map((zone) => `${region}${zone}`);
      const shown = names.filter((name) => !inputs.excludeNames?.includes(name));
      return {
        id: region,
        region,
        names: shown,
        zoneIds: shown.map((name) => `${shortRegion(region)}-az${names.indexOf(name) + 1}`),
        groupNames: [region],
      };
    },
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": invocation<
    aws.GetCallerIdentityArgs,
    aws.GetCallerIdentityResult
  >({
    answer: ({ accountId, arn }) => ({
      id: accountId,
      accountId,
      arn: arn("iam", "user/rehearsal", false),
      userId: "AIDAREHEARSAL",
    }),
  }),
  "aws:index/getPartition:getPartition": invocation<aws.GetPartitionArgs, aws.GetPartitionResult>({
    answer: ({ partition, dnsSuffix }) => ({
      id: partition,
      partition,
      dnsSuffix,
      reverseDnsPrefix: dnsSuffix.split(".").toReversed().join("."),
    }),
  }),
};

/** `use1` for `us-east-1`: how AWS shortens a region in the names of zones and caches. */
export function shortRegion(region: string): string {
  const [area = "", direction = "", number = ""] = region.split(/-(?=[a-z]+-\d)|-(?=\d)/);
  return `${area.replace("-", "")}${direction.replaceAll(/(north|south|east|west|central)/g, (word) => word.charAt(0))}${number}`;
}
