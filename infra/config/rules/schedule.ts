import { nearest } from "../nearest.ts";

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** The hours of a week in which a stack runs. */
export interface Schedule {
  readonly days: readonly Weekday[];
  /** Minutes after midnight. */
  readonly from: number;
  /** Minutes after midnight, on the same day. */
  readonly to: number;
  /** IANA time zone, such as `Europe/Berlin`. */
  readonly zone: string;
}

/** Minutes before the tasks in which a database starts. RDS takes up to ten. */
export const databaseLead = 20;
/** Minutes after the tasks at which a database stops: they have two minutes to end what they are at. */
export const databaseLag = 10;

/** Clocks are changed before this hour, so that a time of the night comes twice on one day, and never on another. */
const earliest = 4 * 60;
const latest = 23 * 60 + 30;
const shortest = 60;

export const legalSchedule =
  "none, or days, hours and a time zone, as in mon-fri 08:00-19:00 Europe/Berlin; days are mon to sun, a range or a list with commas; hours lie between 04:00 and 23:30 and are one at least";

/**
 * Reads `mon-fri 08:00-19:00 Europe/Berlin`; undefined for `none`.
 * @throws Error that says what is wrong
 */
export function parseSchedule(text: string): Schedule | undefined {
  if (text === "none") return undefined;
  const [days = "", hours = "", zone = "", ...more] = text.trim().split(/\s+/);
  if (zone === "" || more.length > 0) throw new Error("is not days, hours and a time zone");
  const [, from, to] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(hours)?.map(minutesOf) ?? [];
  if (from === undefined || to === undefined)
    throw new Error(`has no hours such as 08:00-19:00 in "${hours}"`);
  if (to - from < shortest) throw new Error("ends before it begins, or within the hour");
  if (from < earliest || to > latest)
    throw new Error("begins before 04:00, when clocks are changed, or ends after 23:30");
  return { days: daysOf(days), from, to, zone: zoneOf(zone) };
}

function minutesOf(clock: string): number | undefined {
  const [hours = Number.NaN, minutes = Number.NaN] = clock.split(":").map(Number);
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : undefined;
}

function daysOf(text: string): Weekday[] {
  const found = text.split(",").flatMap((part) => {
    const [first = -1, last = first, ...more] = part
      .split("-")
      .map((day) => weekdays.indexOf(day.toLowerCase() as Weekday));
    if (first < 0 || last < first || more.length > 0)
      throw new Error(`has no days such as mon-fri or mon,wed in "${part}"`);
    return weekdays.slice(first, last + 1);
  });
  return weekdays.filter((day) => found.includes(day));
}

/**
 * https://www.iana.org/time-zones, as far as node knows it: more than it lists, since of two names of a zone it lists the
 * older one. https://tc39.es/ecma402/#sec-availabletimezones
 */
function zoneOf(text: string): string {
  if (!isZone(text)) {
    const zones = [...Intl.supportedValuesOf("timeZone"), "UTC"];
    throw new Error(`names the time zone "${text}", which is none of IANA's${suggestion(text, zones)}`);
  }
  return text;
}

/** Of abbreviations UTC alone: EST means one hour in winter, and another one than people think in summer. */
function isZone(text: string): boolean {
  if (!/^([A-Z][\w+-]*(\/[A-Z][\w+-]*)+|UTC)$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function suggestion(text: string, zones: readonly string[]): string {
  const near = nearest(text, zones);
  return near === undefined ? "" : `: did you mean ${near}`;
}

/** Whether tasks run at a moment, as the schedule has it. */
export function isOpen({ days, from, to, zone }: Schedule, at: Date): boolean {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  const now = Number(part("hour")) * 60 + Number(part("minute"));
  return days.includes(part("weekday").toLowerCase() as Weekday) && now >= from && now < to;
}
