/** What is particular to a family of OpenSearch instance types. */
export interface SearchFamily {
  /** T3 nodes refuse Auto-Tune. https://github.com/hashicorp/terraform-provider-aws/issues/30205 */
  readonly autoTune: boolean;
  /** The most gp3 storage of one node, by size, in GiB. */
  readonly mostGib: Readonly<Record<string, number>>;
  /** The most data nodes. */
  readonly mostNodes: number;
}

const large = (mostGib: Readonly<Record<string, number>>): SearchFamily => ({
  autoTune: true,
  mostGib,
  mostNodes: 80,
});
const general6 = large({ large: 1024, xlarge: 2048, "2xlarge": 3072, "4xlarge": 6144, "12xlarge": 18432 });
const general7 = large({
  medium: 512,
  large: 768,
  xlarge: 2048,
  "2xlarge": 3072,
  "4xlarge": 6144,
  "8xlarge": 12288,
  "12xlarge": 18432,
  "16xlarge": 24576,
});
const memory6 = large({ large: 2048, xlarge: 3072, "2xlarge": 6144, "4xlarge": 12288, "12xlarge": 24576 });
const memory7 = large({
  medium: 768,
  large: 1532,
  xlarge: 3072,
  "2xlarge": 6144,
  "4xlarge": 12288,
  "8xlarge": 16384,
  "12xlarge": 24576,
  "16xlarge": 36864,
});
const compute = large({ large: 256, xlarge: 512, "2xlarge": 1024, "4xlarge": 1536 });

/**
 * The families whose nodes take gp3 storage, encryption at rest and fine-grained access control.
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html#ebsresource
 */
const searchFamilies: Readonly<Record<string, SearchFamily>> = {
  t3: { autoTune: false, mostGib: { small: 100, medium: 200 }, mostNodes: 10 },
  m5: general6,
  m6g: general6,
  m7g: general7,
  m8g: general7,
  r5: memory6,
  r6g: memory6,
  r7g: memory7,
  r8g: memory7,
  c5: compute,
  c6g: compute,
  c7g: compute,
  c8g: compute,
};

function own<T>(map: Readonly<Record<string, T>>, name = ""): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** The family of an instance type such as `r7g.large.search`, or undefined when it is not known. */
export function searchFamily(instanceType: string): SearchFamily | undefined {
  return own(searchFamilies, instanceType.split(".")[0]);
}

/**
 * The type of dedicated master nodes that goes with a type of data nodes: of the same processor, and as small as AWS
 * recommends. https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-dedicatedmasternodes.html
 */
export function mastersFor(dataType: string): string {
  const family = dataType.split(".")[0] ?? "";
  if (family === "t3") return "t3.small.search";
  return family.endsWith("g") ? "m7g.large.search" : "m5.large.search";
}

/**
 * The most shards of a data node, replicas that have no node included, and those that OpenSearch takes for itself.
 * https://docs.opensearch.org/latest/install-and-configure/configuring-opensearch/cluster-settings/
 */
const mostShards = 1000;
const ownShards = 20;

/** Nango begins two indices a day, each of a shard and a replica, and asks for no other number. */
const shardsOfDay = 4;

/** For how many days so many data nodes can keep Nango's logs: no new ones are taken when their shards are used up. */
export function mostLogDays(nodes: number): number {
  return Math.floor((mostShards * nodes - ownShards) / shardsOfDay);
}

/** What is wrong with a domain's nodes, and a change of one setting that mends it. */
export interface SearchNodesProblem {
  readonly what: string;
  readonly change: readonly [
    setting: "searchInstanceType" | "searchInstanceCount" | "searchVolumeGb" | "searchMasterType",
    value: string,
  ];
}

/** What is wrong with a domain's nodes, or undefined. */
export function searchNodesProblem(
  instanceType: string,
  count: number,
  volumeGb: number,
  zones: number,
  masterType?: string,
): SearchNodesProblem | undefined {
  const family = searchFamily(instanceType);
  const most = own(family?.mostGib ?? {}, instanceType.split(".")[1]);
  const families = Object.keys(searchFamilies).join(", ");
  const problem = (what: string, ...change: SearchNodesProblem["change"]) => ({ what, change });
  const fewer = (nodes: number) => ["searchInstanceCount", String(nodes)] as const;
  if (family === undefined || most === undefined)
    return problem(
      `the instance type ${instanceType} is not one of the families ${families} in a size that this project knows to encrypt its storage`,
      "searchInstanceType",
      "r7g.large.search",
    );
  if (volumeGb > most)
    return problem(
      `one ${instanceType} node has at most ${most} GiB of storage, not ${volumeGb}`,
      "searchVolumeGb",
      String(most),
    );
  if (count > family.mostNodes)
    return problem(
      `a domain has at most ${family.mostNodes} ${instanceType} nodes, not ${count}`,
      ...fewer(family.mostNodes),
    );
  const masters = masterType === undefined ? undefined : searchFamily(masterType);
  if (masterType !== undefined && masters === undefined)
    return problem(
      `the master nodes' type ${masterType} is not one of the families ${families}`,
      "searchMasterType",
      mastersFor(instanceType),
    );
  if (masters !== undefined && count > masters.mostNodes)
    return problem(
      `${masterType} master nodes look after at most ${masters.mostNodes} data nodes, not ${count}`,
      ...fewer(masters.mostNodes),
    );
  // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html
  if (count > 1 && zones === 2 && count % 2 !== 0)
    return problem(
      `two availability zones need an even number of data nodes, not ${count}`,
      ...fewer(count - 1),
    );
  return undefined;
}
