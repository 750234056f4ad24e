/**
 * The regions of AWS that this project knows by name. Others may be there: it is for hints, not for refusals.
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const regions: readonly string[] = `
  af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
  ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1
  eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1
  me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2
  cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1
  us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 eu-isoe-west-1 us-isof-east-1 us-isof-south-1
`
  .trim()
  .split(/\s+/);

/** A part of AWS with accounts, permissions and host names of its own. */
export interface Partition {
  /** As ARNs name it. */
  readonly name: string;
  /** What its services' host names end in. */
  readonly dnsSuffix: string;
}

/** By how the names of their regions begin. The last one fits all others. */
const partitions: readonly (readonly [RegExp, Partition])[] = [
  [/^cn-/, { name: "aws-cn", dnsSuffix: "amazonaws.com.cn" }],
  [/^us-gov-/, { name: "aws-us-gov", dnsSuffix: "amazonaws.com" }],
  [/^eusc-/, { name: "aws-eusc", dnsSuffix: "amazonaws.eu" }],
  [/^us-iso-/, { name: "aws-iso", dnsSuffix: "c2s.ic.gov" }],
  [/^us-isob-/, { name: "aws-iso-b", dnsSuffix: "sc2s.sgov.gov" }],
  [/^eu-isoe-/, { name: "aws-iso-e", dnsSuffix: "cloud.adc-e.uk" }],
  [/^us-isof-/, { name: "aws-iso-f", dnsSuffix: "csp.hci.ic.gov" }],
  [/^/, { name: "aws", dnsSuffix: "amazonaws.com" }],
];

/** The partition that a region is in. */
export function partitionOf(region: string): Partition {
  const [, partition] = partitions.find(([pattern]) => pattern.test(region)) ?? [];
  return partition ?? { name: "aws", dnsSuffix: "amazonaws.com" };
}

/** Whether a text has the form of a region's name, as in `eu-central-1`. */
export function isRegion(text: string): boolean {
  return /^[a-z]{2,}(-[a-z]+)+-\d$/.test(text);
}
