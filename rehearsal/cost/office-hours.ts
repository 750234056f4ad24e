import { isRecord, json } from "../../project/values.ts";
import type { RecordedResource } from "../record.ts";
import { type Scene, textIn } from "./rule.ts";

/** Minutes from the start of the week to what a schedule does, by day. */
interface Moment {
  readonly days: readonly string[];
  readonly minutes: number;
}

const daily = /^cron\((\d+) (\d+) \? \* ([A-Z,]+) \*\)$/;

function momentOf(schedule: RecordedResource): Moment | undefined {
  const [, minute, hour, days = ""] = daily.exec(textIn(schedule.inputs, "scheduleExpression") ?? "") ?? [];
  return minute === undefined
    ? undefined
    : { days: days.split(","), minutes: Number(hour) * 60 + Number(minute) };
}

/** The schedules that call an action, such as `rds:stopDBInstance`, of those with a certain input. */
function calling({ resources }: Scene, action: RegExp, isOf: (input: Record<string, unknown>) => boolean) {
  return resources
    .filter(({ type }) => type === "aws:scheduler/schedule:Schedule")
    .flatMap((schedule) => {
      const { target } = schedule.inputs;
      if (!isRecord(target) || !action.test(String(target["arn"]))) return [];
      const input = json(target["input"]);
      return (isRecord(input) && isOf(input)) || input === undefined ? [schedule] : [];
    });
}

/** The share of a week in which something runs that schedules start and stop: 1 without them. */
function share(starts: readonly RecordedResource[], stops: readonly RecordedResource[]): number {
  const [from, to] = [starts, stops].map(([first]) => (first === undefined ? undefined : momentOf(first)));
  if (from === undefined || to === undefined) return 1;
  return (from.days.length * (to.minutes - from.minutes)) / (7 * 24 * 60);
}

/** The share of a week in which tasks run. */
export function taskShare(scene: Scene): number {
  const update = /:ecs:updateService$/;
  return share(
    calling(scene, update, ({ DesiredCount }) => DesiredCount !== 0),
    calling(scene, update, ({ DesiredCount }) => DesiredCount === 0),
  );
}

/** The share of a week in which a database runs. */
export function databaseShare(scene: Scene, identifier: string | undefined): number {
  const isOf = ({ DbInstanceIdentifier }: Record<string, unknown>) => DbInstanceIdentifier === identifier;
  return share(calling(scene, /:rds:startDBInstance$/, isOf), calling(scene, /:rds:stopDBInstance$/, isOf));
}
