/**
 * The zones that run Fargate, by ID, in the regions where not all of them do.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html
 */
const fargateZones: Readonly<Record<string, readonly string[]>> = {
  "ap-northeast-1": ["apne1-az1", "apne1-az2", "apne1-az4"],
  "cn-north-1": ["cnn1-az1", "cnn1-az2"],
  "us-west-1": ["usw1-az1", "usw1-az3"],
};

/** Whether tasks can run in a zone, given by its ID such as `usw1-az2`. */
export function runsFargate(region: string, zoneId: string): boolean {
  return fargateZones[region]?.includes(zoneId) ?? true;
}
