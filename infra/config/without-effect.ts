import { parseImage } from "../nango/image.ts";
import type { Circumstances, Condition } from "./condition.ts";
import { only } from "./condition.ts";
import type { GivenConfiguration, SettingValues } from "./values.ts";
import type { Check } from "./problem.ts";
import { makesCache } from "./resolve-aws.ts";
import { sendsMail } from "./resolve-external.ts";
import { onOneServer } from "./resolve-external.ts";
import { defaultText, type Setting } from "./setting.ts";
import { settings, type SettingName } from "./settings.ts";

/** Every key that is set and has no effect: whoever set it expects something that would not happen. */
export const withoutEffect: Check = (values, given) => {
  const circumstances = circumstancesOf(values, given);
  return (Object.keys(settings) as SettingName[])
    .filter((name) => circumstances.isSet(name))
    .flatMap((name) => {
      const failing = conditionsOf(settings[name]).find(({ holds }) => !holds(circumstances));
      if (failing === undefined) return [];
      const { keys, otherwise, remedy } = failing;
      const wayOut = remedy === undefined ? "Remove it" : `${remedy}, or remove it`;
      return [
        {
          keys: [name, ...(keys as readonly SettingName[])],
          message: `nango:${name} has no effect${otherwise(circumstances)}.\n${wayOut}: pulumi config rm nango:${name}`,
        },
      ];
    });
};

function conditionsOf({ target, needs }: Setting<unknown>): Condition[] {
  return [...(target === undefined ? [] : [onTarget(target)]), ...(needs === undefined ? [] : [needs])];
}

function onTarget(target: string): Condition {
  const { remedy: _, otherwise, ...condition } = only("target", target);
  return {
    ...condition,
    otherwise: (circumstances) => `${otherwise(circumstances)}: it is for ${target} only`,
  };
}

function circumstancesOf(values: SettingValues, given: GivenConfiguration): Circumstances {
  // Pulumi hands over the defaults of the keys that a stack does not set.
  const standard = (key: string) => defaultText(settings[key as SettingName]);
  const text = (key: string) => given.values[key] ?? standard(key);
  return {
    text,
    isSet: (key) => text(key) !== standard(key),
    makesCache: () => makesCache(values),
    sendsMail: () => sendsMail(values),
    sharesServer: () => values.recordsDatabaseUrl !== undefined && onOneServer(values),
    namesDigest: () => parseImage(values.image).digest !== undefined,
  };
}
