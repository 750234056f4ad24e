/** The memory, in MiB, that Fargate offers with an amount of CPU: from, to, in steps of. */
const memoryByCpu: Readonly<Record<number, { from: number; to: number; step: number }>> = {
  256: { from: 512, to: 2048, step: 512 },
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16384, step: 1024 },
  4096: { from: 8192, to: 30720, step: 1024 },
  8192: { from: 16384, to: 61440, step: 4096 },
  16384: { from: 32768, to: 122880, step: 8192 },
};

/** The amounts of CPU that Fargate offers, in units of 1/1024 of a virtual processor. */
export const fargateCpus: readonly number[] = Object.keys(memoryByCpu).map(Number);

/** The least memory, in MiB, that Fargate offers with an amount of CPU. */
export function leastMemoryWith(cpu: number): number {
  return memoryByCpu[cpu]?.from ?? 0;
}

/** Each amount of memory, in MiB, that Fargate offers with an amount of CPU. */
function memoriesWith(cpu: number): number[] {
  const { from, to, step } = memoryByCpu[cpu] ?? { from: 0, to: -1, step: 1 };
  const all = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  // 256 goes 512, 1024, 2048: the only row that is not evenly spaced.
  return all.filter((memory) => cpu !== 256 || memory !== 1536);
}

/** The least memory that Fargate offers with an amount of CPU and that is no less than this, or the most that it offers. */
export function memoryNear(cpu: number, memory: number): number {
  const all = memoriesWith(cpu);
  return all.find((one) => one >= memory) ?? all.at(-1) ?? memory;
}

/** The amount of CPU with which Fargate offers an amount of memory, and that is nearest to this; undefined for none. */
export function cpuNear(cpu: number, memory: number): number | undefined {
  const distance = (one: number) => Math.abs(Math.log2(one / cpu));
  return fargateCpus
    .filter((one) => memoriesWith(one).includes(memory))
    .toSorted((a, b) => distance(a) - distance(b))[0];
}

/**
 * What is wrong with a pair of CPU (units) and memory (MiB), or undefined when Fargate offers it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
 */
export function fargatePairProblem(cpu: number, memory: number): string | undefined {
  const offer = memoryByCpu[cpu];
  if (offer === undefined) return `Fargate offers these amounts of CPU: ${fargateCpus.join(", ")}`;
  if (memoriesWith(cpu).includes(memory)) return undefined;
  const steps = cpu === 256 ? "512, 1024 or 2048" : `${offer.from} to ${offer.to} in steps of ${offer.step}`;
  return `with ${cpu} CPU units Fargate offers ${steps} MiB`;
}

/**
 * The virtual processors that Fargate gives a new account at the same time: quotas L-3032A538 (On-Demand) and L-36FBB829
 * (Spot). https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
 */
export const defaultVcpus = 6;

/** The virtual processors of a deployment: old and new tasks side by side, and the migration's half before that. */
export function vcpusOfDeployment(cpu: number, replicas: number): number {
  return (2 * replicas * cpu) / 1024;
}

/**
 * The least memory, in MiB, that runs the server and Connect UI. Together they took 305 to 325 MB at rest, 525 MB under load,
 * and a call with a body of 40 MB 730 MB. In 512 they serve small calls, in 380 MB, and have no room for such a one.
 */
export const leastMemory = 1024;
