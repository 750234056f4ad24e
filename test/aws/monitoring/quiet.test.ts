import { expect, test } from "vitest";
import { untilQuiet } from "../../../infra/aws/monitoring/quiet.ts";

/** Asks as often as there are answers, the last of which goes for all that follow; pauses take no time. */
async function wait(answers: readonly (readonly string[] | Error)[]) {
  let now = 0;
  let asked = 0;
  const lines: string[] = [];
  const ask = async () => {
    const answer = answers[Math.min(asked++, answers.length - 1)]!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const clock = { now: () => now, sleep: async (milliseconds: number) => void (now += milliseconds) };
  await untilQuiet(ask, (line) => lines.push(line), clock);
  return { seconds: now / 1000, lines };
}

test("nothing is waited for where no alarm is red", async () => {
  expect(await wait([[]])).toEqual({ seconds: 0, lines: [] });
});

test("alarms that the start brought turn green first, and one line says so", async () => {
  const { seconds, lines } = await wait([["targets-missing"], ["targets-missing"], []]);
  expect(seconds).toBe(30);
  expect(lines).toEqual([
    expect.stringMatching(/^Alarms that a start brings turn green.*: targets-missing$/),
  ]);
});

test("what stays red is told after ten minutes", async () => {
  expect((await wait([["targets-missing"]])).seconds).toBe(600);
});

test("whoever may not look goes on, and is told why", async () => {
  const { seconds, lines } = await wait([new Error("not authorized")]);
  expect(seconds).toBe(0);
  expect(lines).toEqual(["CloudWatch does not say whether alarms are red: not authorized"]);
});
