import { expect, test } from "vitest";
import { isOpen, parseSchedule } from "../../../infra/config/rules/schedule.ts";

test.each([
  ["mon-fri 08:00-19:00 Europe/Berlin", ["mon", "tue", "wed", "thu", "fri"], 480, 1140],
  ["wed,mon 07:30-12:00 UTC", ["mon", "wed"], 450, 720],
  ["Mon-Tue,sun 04:00-23:30 America/New_York", ["mon", "tue", "sun"], 240, 1410],
  ["mon 08:00-19:00 Asia/Kolkata", ["mon"], 480, 1140],
  ["mon 08:00-19:00 Europe/Kyiv", ["mon"], 480, 1140],
  ["mon 08:00-19:00 America/Argentina/Buenos_Aires", ["mon"], 480, 1140],
  ["mon 08:00-19:00 Etc/GMT+5", ["mon"], 480, 1140],
] as const)("%s is read", (text, days, from, to) => {
  expect(parseSchedule(text)).toMatchObject({ days, from, to, zone: text.split(" ")[2] });
});

test("none is no schedule", () => expect(parseSchedule("none")).toBeUndefined());

test.each([
  ["mon-fri 08:00-19:00", "is not days, hours and a time zone"],
  ["mon-fri 08:00-19:00 Europe/Berlin daily", "is not days, hours and a time zone"],
  ["mon-fry 08:00-19:00 UTC", 'has no days such as mon-fri or mon,wed in "mon-fry"'],
  ["fri-mon 08:00-19:00 UTC", 'in "fri-mon"'],
  ["mon-fri 8:00-19:00 UTC", 'has no hours such as 08:00-19:00 in "8:00-19:00"'],
  ["mon-fri 08:00-25:00 UTC", "has no hours"],
  ["mon-fri 19:00-08:00 UTC", "ends before it begins"],
  ["mon-fri 08:00-08:30 UTC", "within the hour"],
  ["mon-fri 02:30-08:00 UTC", "begins before 04:00, when clocks are changed"],
  ["mon-fri 08:00-23:45 UTC", "ends after 23:30"],
  ["mon-fri 08:00-19:00 CEST", 'names the time zone "CEST", which is none of IANA\'s'],
  ["mon-fri 08:00-19:00 EST", "which is none of IANA's"],
  ["mon-fri 08:00-19:00 +05:30", "which is none of IANA's"],
  ["mon-fri 08:00-19:00 europe/berlin", "did you mean Europe/Berlin"],
  ["mon-fri 08:00-19:00 Mars/Phobos", "which is none of IANA's"],
  ["mon-fri 08:00-19:00 Europe/Berln", "did you mean Europe/Berlin"],
])("%s is refused", (text, why) => {
  expect(() => parseSchedule(text)).toThrow(why);
});

test("the hours are those of the zone, in summer and in winter", () => {
  const schedule = parseSchedule("mon-fri 08:00-19:00 Europe/Berlin")!;
  const at = (moment: string) => isOpen(schedule, new Date(moment));
  // Thursdays of winter (UTC+1) and of summer (UTC+2).
  expect(
    ["2026-11-26T06:59Z", "2026-11-26T07:00Z", "2026-11-26T17:59Z", "2026-11-26T18:00Z"].map(at),
  ).toEqual([false, true, true, false]);
  expect(["2026-07-16T05:59Z", "2026-07-16T06:00Z", "2026-07-16T17:00Z"].map(at)).toEqual([
    false,
    true,
    false,
  ]);
  // A Saturday.
  expect(at("2026-11-28T10:00Z")).toBe(false);
});
