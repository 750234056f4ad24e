/** An IPv4 range. */
export interface Cidr {
  /** The first address, as a number. */
  readonly base: number;
  /** The length of the prefix, 0 to 32. */
  readonly prefix: number;
}

/**
 * Reads `a.b.c.d/n`.
 * @throws Error saying what is wrong, and how the range is written when bits after the prefix are set.
 */
export function parseCidr(text: string): Cidr {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const numbers = match?.slice(1).map(Number);
  // A leading zero means an octal number to some, and AWS refuses it.
  if (
    numbers === undefined ||
    /(^|[./])0\d/.test(text) ||
    numbers.slice(0, 4).some((byte) => byte > 255) ||
    numbers[4]! > 32
  ) {
    throw new Error("is not an IPv4 range such as 10.0.0.0/16");
  }
  const base = numbers.slice(0, 4).reduce((total, byte) => total * 256 + byte, 0);
  const cidr = { base, prefix: numbers[4]! };
  const first = base - (base % size(cidr));
  if (first !== base) {
    throw new Error(`has bits after its prefix; the range is ${formatCidr({ ...cidr, base: first })}`);
  }
  return cidr;
}

export function formatCidr({ base, prefix }: Cidr): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${prefix}`;
}

/** How many addresses a range holds. */
export function size({ prefix }: Cidr): number {
  return 2 ** (32 - prefix);
}

/** Whether two ranges share an address. */
export function overlap(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + size(b) && b.base < a.base + size(a);
}

/** The ranges of a VPC's subnets, one of each kind in each availability zone. */
export interface SubnetCidrs {
  /** A quarter of the VPC: the load balancer, NAT gateways, and tasks where there is no NAT gateway. */
  readonly public: readonly string[];
  /** Half of the VPC: tasks behind a NAT gateway. */
  readonly private: readonly string[];
  /** An eighth of the VPC: databases, without a route to the internet. */
  readonly database: readonly string[];
}

/** The smallest VPC whose database subnets, a 32nd of it, still have the 28-bit prefix that AWS demands. */
export const longestVpcPrefix = 23;

/**
 * Carves a VPC's range into subnets. Room for four zones is laid out whatever the number of zones, so that a zone added
 * later changes no range; the last eighth stays free.
 *
 *     0        1/4                 3/4    7/8    1
 *     | public | private           | db   | free |
 *
 * @throws Error for a range that is malformed, larger than the /16 that AWS allows or too small to carve
 *   (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html)
 */
export function carveSubnets(vpcCidr: string, zones: number): SubnetCidrs {
  const vpc = parseCidr(vpcCidr);
  if (vpc.prefix < 16) throw new Error("is larger than /16, the largest range of a VPC");
  if (vpc.prefix > longestVpcPrefix) {
    throw new Error(
      `is too small: ${longestVpcPrefix} is the longest prefix from which all subnets can be carved`,
    );
  }
  const row = (start: number, share: number) =>
    Array.from({ length: zones }, (_, zone) => {
      const prefix = vpc.prefix + Math.log2(1 / share) + 2;
      return formatCidr({ base: vpc.base + start * size(vpc) + zone * 2 ** (32 - prefix), prefix });
    });
  return { public: row(0, 1 / 4), private: row(1 / 4, 1 / 2), database: row(3 / 4, 1 / 8) };
}
