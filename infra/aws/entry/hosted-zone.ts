import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { HttpsAccess } from "../../config/stack-config.ts";

/** The ID of the zone that the host names' records go to; undefined when DNS is elsewhere. */
export function hostedZoneId(
  https: HttpsAccess,
  parent: { parent: pulumi.Resource },
): pulumi.Input<string> | undefined {
  const zone = https.hostedZone;
  if (zone === undefined) return undefined;
  if ("id" in zone) return zone.id;
  return aws.route53.getZoneOutput({ name: zone.name, privateZone: false }, parent).zoneId;
}
