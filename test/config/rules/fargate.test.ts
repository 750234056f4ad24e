import { expect, test } from "vitest";
import { fargateCpus, fargatePairProblem } from "../../../infra/config/rules/fargate.ts";

const gib = (from: number, to: number, step = 1) =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
const offered: Record<number, number[]> = {
  256: [512, 1024, 2048],
  512: gib(1, 4),
  1024: gib(2, 8),
  2048: gib(4, 16),
  4096: gib(8, 30),
  8192: gib(16, 60, 4),
  16384: gib(32, 120, 8),
};

test.each(Object.entries(offered))(
  "with %s CPU units takes AWS's amounts of memory and no other",
  (cpu, legal) => {
    const candidates = Array.from({ length: 512 }, (_, index) => index * 256);
    const taken = candidates.filter((memory) => fargatePairProblem(Number(cpu), memory) === undefined);
    expect(taken).toEqual(legal);
  },
);

test.each([0, 128, 257, 768, 1000, 32768, NaN])("knows no %s CPU units", (cpu) => {
  expect(fargatePairProblem(cpu, 2048)).toBe(
    "Fargate offers these amounts of CPU: 256, 512, 1024, 2048, 4096, 8192, 16384",
  );
  expect(fargateCpus).not.toContain(cpu);
});

test("says what goes with the CPU", () => {
  expect(fargatePairProblem(256, 1536)).toBe("with 256 CPU units Fargate offers 512, 1024 or 2048 MiB");
  expect(fargatePairProblem(8192, 17408)).toBe(
    "with 8192 CPU units Fargate offers 16384 to 61440 in steps of 4096 MiB",
  );
});
