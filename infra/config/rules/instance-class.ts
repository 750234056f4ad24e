const gibibyte = 1024 ** 3;

/** Memory of the sizes of general purpose classes, in GiB: 4 for each virtual processor. */
const generalPurpose: Record<string, number> = {
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
  "4xlarge": 64,
  "8xlarge": 128,
  "12xlarge": 192,
  "16xlarge": 256,
};
const memoryOptimised = Object.fromEntries(
  Object.entries(generalPurpose).map(([size, gib]) => [size, gib * 2]),
);
const burstable: Record<string, number> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};

/**
 * The instance classes of RDS for PostgreSQL that this project knows.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
const memoryGib: ReadonlyMap<string, number> = new Map(
  [
    ...["t3", "t4g"].map((family) => [family, burstable] as const),
    ...["m5", "m6g", "m6i", "m7g", "m7i", "m8g"].map((family) => [family, generalPurpose] as const),
    ...["r5", "r6g", "r6i", "r7g", "r7i", "r8g"].map((family) => [family, memoryOptimised] as const),
  ].flatMap(([family, sizes]) =>
    Object.entries(sizes).map(([size, gib]) => [`db.${family}.${size}`, gib] as const),
  ),
);

/** Every known class, for messages. */
export const instanceClasses: readonly string[] = [...memoryGib.keys()];

/** What the size of a burstable class earns an hour. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html */
const creditsPerHour: Readonly<Record<string, number>> = {
  micro: 12,
  small: 24,
  medium: 24,
  large: 36,
  xlarge: 96,
  "2xlarge": 192,
};

/** What an instance of a class has. */
export interface InstanceCapacity {
  readonly memoryGib: number;
  /** CPU credits that it earns an hour; undefined for a class that has all of its processors at all times. */
  readonly creditsPerHour: number | undefined;
}

/** What an instance of a class has; undefined for a class that is not known. */
export function instanceCapacity(instanceClass: string): InstanceCapacity | undefined {
  const gib = memoryGib.get(instanceClass);
  if (gib === undefined) return undefined;
  const [, family = "", size = ""] = instanceClass.split(".");
  return { memoryGib: gib, creditsPerHour: family.startsWith("t") ? creditsPerHour[size] : undefined };
}

/**
 * How many connections RDS allows by default on a class: LEAST({DBInstanceClassMemory/9531392}, 5000), where
 * DBInstanceClassMemory is what the operating system and RDS leave of the class's memory. The share that they leave is
 * estimated low: 0.7 of 1 GiB, 0.85 of 2 GiB, 0.9 of more. Undefined for a class that is not known.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function defaultMaxConnections(instanceClass: string): number | undefined {
  const gib = memoryGib.get(instanceClass);
  if (gib === undefined) return undefined;
  const left = gib <= 1 ? 0.7 : gib <= 2 ? 0.85 : 0.9;
  return Math.min(5000, Math.floor((gib * gibibyte * left) / 9531392));
}
