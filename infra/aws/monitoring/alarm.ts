import type * as pulumi from "@pulumi/pulumi";
import type { AlarmLevel } from "../../config/monitoring-config.ts";

/** A metric of CloudWatch. */
export interface Metric {
  readonly namespace: pulumi.Input<string>;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum" | "p95";
}

/** How often a value is taken, and in how many of the last values it has to be past the threshold. */
export interface Window {
  /** Seconds: 60 or a multiple. */
  readonly period: number;
  readonly periods: number;
}

/** What a period without data counts as. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
export type Missing = "breaching" | "ignore" | "notBreaching";

/** How whoever is on call hears of an alarm. */
export type Notice =
  /** It notifies. */
  | "by itself"
  /** It is one way of saying that users are served badly: the alarm Serving, made of all of these, notifies. */
  | "through Serving"
  /** ECS heeds it while it deploys, and tells of the failed deployment. */
  | "through ECS";

/** An alarm, out of which CloudWatch's alarm and the graph of the dashboard are made. */
export interface AlarmDefinition {
  /** The heading of its section in docs/monitoring.md; in lower case with hyphens, its name. */
  readonly title: string;
  /** Which of several it is about, where there are several; the end of its name. */
  readonly of?: string;
  readonly level: Exclude<AlarmLevel, "none">;
  readonly notice: Notice;
  /** By the names under which the expression knows them; one of them alone needs no expression. */
  readonly metrics: Readonly<Record<string, Metric>>;
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
  readonly expression?: string;
  readonly when: "above" | "below";
  readonly threshold: number;
  /** Of the threshold, as in `5 % of requests`. */
  readonly unit: string;
  /** Why the threshold is what it is: the end of a sentence. */
  readonly because: string;
  readonly window: Window;
  readonly missing: Missing;
  /** Whether what it tells ceases with `nango:stopped`. @default false */
  readonly ofTasks?: true;
}

/** An event of EventBridge that is told at once. */
export interface EventDefinition {
  readonly title: string;
  readonly of?: string;
  /** What the mail says, in one line. */
  readonly says: string;
  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
  readonly pattern: pulumi.Input<Readonly<Record<string, unknown>>>;
  /** What of the event the mail shows, by its path. */
  readonly shows: string;
}

/** `targets-missing-connect-ui`: the end of its name. */
export function idOf({ title, of }: Pick<AlarmDefinition, "title" | "of">): string {
  const id = title.toLowerCase().replaceAll(" ", "-");
  return of === undefined ? id : `${id}-${of}`;
}

/** The section that says what an alarm means and what to do. */
export function sectionOf({ title }: Pick<AlarmDefinition, "title">): string {
  return `docs/monitoring.md#${idOf({ title })}`;
}

/** What the mail says of an alarm. */
export function describe(definition: AlarmDefinition): string {
  const { title, of, when, threshold, unit, because, window } = definition;
  const minutes = window.period / 60;
  const length = minutes >= 60 ? `${minutes / 60} h` : `${minutes} min`;
  const time = window.periods === 1 ? `within ${length}` : `in ${window.periods} times ${length}`;
  return `${title}${of === undefined ? "" : ` (${of})`}: ${when} ${threshold} ${unit} ${time}, because ${because}. What to do: ${sectionOf(definition)}`;
}
