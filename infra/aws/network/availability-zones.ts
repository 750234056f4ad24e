import * as aws from "@pulumi/aws";
import { runsFargate } from "./fargate-zones.ts";

/**
 * The names of the region's zones that a stack can spread over, in the order of the alphabet: no local zones, none that
 * the account must opt into, and none in which tasks cannot run.
 */
export async function usableZones(region: string): Promise<string[]> {
  const { names, zoneIds } = await aws.getAvailabilityZones({
    state: "available",
    filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
  });
  return names.filter((_, index) => runsFargate(region, zoneIds[index] ?? "")).toSorted();
}
