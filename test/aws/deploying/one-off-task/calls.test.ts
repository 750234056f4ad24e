import { afterEach, expect, test, vi } from "vitest";
import { call } from "../../../../infra/aws/deploying/one-off-task/calls.ts";

const clock = { now: () => 0, sleep: async () => undefined };

afterEach(() => void vi.restoreAllMocks());

test.each(["EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"])(
  "a call that meets %s is made again",
  async (code) => {
    const request = vi
      .fn(async () => "answer")
      .mockRejectedValueOnce(Object.assign(new Error("no"), { code }));
    expect(await call(clock, request)).toBe("answer");
  },
);

test("a call without an answer is broken off after 15 s and made again", async () => {
  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValueOnce(AbortSignal.abort());
  expect(await call(clock, async (signal) => signal.throwIfAborted() ?? "answer")).toBe("answer");
  expect(timeout.mock.calls).toEqual([[15_000], [15_000]]);
});

test("a call that is refused is not made again", async () => {
  const refused = Object.assign(new Error("no"), { $metadata: { httpStatusCode: 400 } });
  const request = vi.fn(async () => Promise.reject(refused));
  await expect(call(clock, request)).rejects.toBe(refused);
  expect(request).toHaveBeenCalledTimes(1);
});
