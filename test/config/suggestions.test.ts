import { expect, test } from "vitest";

import { cpuNear, fargateCpus, fargatePairProblem, memoryNear } from "../../infra/config/rules/fargate.ts";
import { settings, type SettingName } from "../../infra/config/settings.ts";
import { problems } from "./given.ts";

const names = Object.keys(settings) as SettingName[];
const words = names.flatMap((name) => settings[name].words.map((word) => [name, word] as const));
const ofChoices = words.filter(([name, word]) => settings[name].legal.split(", ").includes(word));

/** Two letters in the wrong order, and a capital at the beginning. */
const misspelt = (word: string) =>
  `${word.slice(0, 1).toUpperCase()}${word.slice(1, -2)}${word.slice(-1)}${word.slice(-2, -1)}`;

test("every word of a choice is legal", () => {
  expect(ofChoices.length).toBeGreaterThan(80);
  for (const [name, word] of words)
    expect([name, word, settings[name].schema.safeParse(word).success]).toEqual([name, word, true]);
});

test("a misspelt word of a choice is told which was meant, with the line and the command for it", () => {
  for (const [name, word] of ofChoices.filter(([, { length }]) => length > 3)) {
    const [message = ""] = problems({ [name]: misspelt(word) });
    if (settings[name].schema.safeParse(misspelt(word)).success || settings[name].secret) continue;
    expect(message).toContain(`. Did you mean ${word}?\nLegal: `);
    expect(message).toMatch(
      new RegExp(` If so in .*, or: npx pulumi config set -s dev nango:${name} ${word}$`),
    );
  }
});

test.each([
  ["spot", "yes", "true"],
  ["spot", "Off", "false"],
  ["spot", " true ", "true"],
  ["databaseMultiAz", "1", "true"],
  ["nat", "per-az", "perAz"],
  ["size", "MEDIUM", "medium"],
  ["apiRateLimitPerMinute", "OFF", "off"],
  ["cpu", "Preset", "preset"],
  ["databaseInstanceClass", "t4g.medium", "db.t4g.medium"],
  ["domain", "NONE", "none"],
] as const)("nango:%s = %j was meant for %s", (name, written, meant) => {
  expect(problems({ [name]: written })[0]).toContain(` Did you mean ${meant}?\nLegal: `);
});

test("what is far from every word gets the example", () => {
  const [message] = problems({ size: "huge" });
  expect(message).not.toContain("Did you mean");
  expect(message).toMatch(/ For example in .* nango:size medium$/);
});

test.each([
  ["dockerHubUser", "None"],
  ["databaseSnapshot", "null"],
  ["dashboardPassword", "GENERATED"],
  ["smtpFrom", "undefined"],
] as const)("nango:%s = %j is not taken for a value", (name, written) => {
  const { default: word } = settings[name];
  expect(problems({ [name]: written })[0]).toContain(` is no value; not given is written ${String(word)}.`);
});

test("a name in nango:rotate that was misspelt is told which was meant", () => {
  expect(problems({ rotate: '{"databse":1}' })[0]).toContain(
    'holds "databse", which is none of the names (did you mean database?).\nLegal: ',
  );
});

test("what is offered in place of a pair that Fargate has not is a pair that it has", () => {
  for (const cpu of fargateCpus)
    for (const memory of [1024, 1536, 2048, 5000, 8192, 20480, 122880]) {
      expect(fargatePairProblem(cpu, memoryNear(cpu, memory))).toBeUndefined();
      const other = cpuNear(cpu, memory);
      if (other !== undefined) expect(fargatePairProblem(other, memory)).toBeUndefined();
    }
  expect([cpuNear(256, 8192), cpuNear(4096, 2048), cpuNear(256, 5000)]).toEqual([1024, 1024, undefined]);
});
