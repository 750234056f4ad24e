import { didYouMean } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { providerOf } from "./provider-settings.ts";
import { toRemove } from "./remedy.ts";
import { settings, type SettingName } from "./settings.ts";

/** What settings were called before, and are called now. */
const renamed: ReadonlyMap<string, SettingName> = new Map([["databaseCaPem", "trustedCaPem"]]);

/** A key that no setting has. */
export function unknownKey(name: string, stack: string): Problem {
  const now = renamed.get(name);
  const provider = providerOf(name);
  const hint =
    now !== undefined
      ? ` It is called nango:${now} now.`
      : provider !== undefined
        ? ` Did you mean ${provider}:${name}?`
        : didYouMean(name, Object.keys(settings), (near) => `nango:${near}`);
  return {
    keys: [],
    message: `nango:${name} is not a setting.${hint} Remove it ${toRemove(stack, `nango:${name}`)}`,
  };
}
