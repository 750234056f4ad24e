import type { AwsPlace } from "./aws-command.ts";
import type { settings, SettingName } from "./settings.ts";

/** A stack's configuration as Pulumi hands it over. */
export interface GivenConfiguration {
  readonly stack: string;
  /** `aws:region` */
  readonly region: string | undefined;
  /** The keys of the `nango:` namespace, without it, and their texts. */
  readonly values: Readonly<Record<string, string>>;
  /** Which of them are stored encrypted. */
  readonly secretKeys: ReadonlySet<string>;
  /** The texts of other namespaces' keys, by namespace and key. */
  readonly others?: Readonly<Record<string, string>>;
  /** Which of these are stored encrypted. */
  readonly secretOthers?: ReadonlySet<string>;
}

/** Where the stack is in AWS. */
export function placeOf({ region, others }: GivenConfiguration): AwsPlace {
  return { region, profile: others?.["aws:profile"] };
}

/** Each setting's value by itself, read but not yet combined with others. */
export type SettingValues = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends { schema: { _output: infer T } }
    ? T
    : never;
};
