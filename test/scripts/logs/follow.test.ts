import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { showLogGroup } from "../../../scripts/logs/aws.ts";
import type { Line } from "../../../scripts/logs/line.ts";

const event = (timestamp: number, eventId: string) => ({
  logStreamName: "nango/server/0a1b2c3d",
  timestamp,
  eventId,
  message: eventId,
});

test("who follows sees each line once, also one that arrives behind newer ones", async () => {
  const answers = [
    [event(100_000, "first"), event(140_000, "second")],
    [event(140_000, "second"), event(139_000, "late")],
    [event(141_000, "third")],
  ];
  const asked: number[] = [];
  const send = async ({ input }: { input: { startTime: number } }) => {
    asked.push(input.startTime);
    return { events: answers.shift() ?? [] };
  };
  const logs = Object.assign(new CloudWatchLogs({ region: "eu-central-1" }), { send });
  const lines: Line[] = [];
  const wait = async () => {
    if (answers.length === 0) throw new Error("Ctrl-C");
  };
  const wish = { since: 90_000, text: undefined, task: undefined, migration: false, follow: true };
  const following = showLogGroup(logs, "nango", wish, (line) => void lines.push(line), wait);
  await expect(following).rejects.toThrow("Ctrl-C");
  expect(lines.map(({ message }) => message)).toEqual(["first", "second", "late", "third"]);
  expect(asked).toEqual([90_000, 110_000, 110_000]);
});
