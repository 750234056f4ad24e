import { type Condition, only } from "../settings/condition.ts";
import type { Check } from "../problem.ts";
import type { Setting } from "../settings/setting.ts";
import { settings, type SettingName } from "../settings.ts";
import { toRemove } from "../remedy.ts";

/** Every key that is set and has no effect: whoever set it expects something that would not happen. */
export const withoutEffect: Check = (choices, { stack }) =>
  (Object.keys(settings) as SettingName[])
    .filter((name) => choices.isSet(name))
    .flatMap((name) => {
      const failing = conditionsOf(settings[name]).find(({ holds }) => !holds(choices));
      if (failing === undefined) return [];
      const { keys, otherwise, remedy } = failing;
      const wayOut = remedy === undefined ? "Remove it" : `${remedy}, or remove it`;
      return [
        {
          keys: [name, ...(keys as readonly SettingName[])],
          message: `nango:${name} has no effect${otherwise(choices)}.\n${wayOut} ${toRemove(stack, `nango:${name}`)}`,
        },
      ];
    });

function conditionsOf({ target, needs }: Setting<unknown>): Condition[] {
  const needed = needs === undefined ? [] : (needs.parts ?? [needs]);
  return [...(target === undefined ? [] : [onTarget(target)]), ...needed];
}

function onTarget(target: string): Condition {
  const { remedy: _, otherwise, ...condition } = only("target", target);
  return {
    ...condition,
    otherwise: (circumstances) => `${otherwise(circumstances)}: it is for ${target} only`,
  };
}
