// What is rehearsed in place of values that are stored encrypted, where that shows.

import { stackFile } from "../infra/config/remedy.ts";
import { settings, type SettingName } from "../infra/config/settings.ts";
import { shown } from "../infra/config/shown.ts";
import { type Project, readStackDocument } from "../project/project.ts";
import { type Configuration, type Overrides, qualifiedKey } from "./configuration.ts";

/** Settings of the provider that show in resources, prices and commands. */
const ofProvider = ["aws:region", "aws:profile", "aws:defaultTags"];

/** A sentence on each value that need be no secret, and that a rehearsal cannot read, and on what brings more of them. */
export function standIns(
  project: Project,
  stack: string,
  { values, secretKeys }: Configuration,
  givenSecrets: Overrides["secrets"],
): string[] {
  const isGiven = new Set(Object.keys(givenSecrets).map((key) => qualifiedKey(project, key)));
  const encrypted = secretKeys
    .filter((key) => !isGiven.has(key) && (ofProvider.includes(key) || isOpenSetting(key)))
    .map(
      (key) =>
        `${key} is stored encrypted, which only a deployment can read: ${shown(values[key] ?? "")} stands in for it here. ` +
        `If it is no secret: npx pulumi config set -s ${stack} --plaintext ${key} '...'`,
    );
  // https://www.pulumi.com/docs/esc/integrations/infrastructure/pulumi-iac/
  return readStackDocument(project, stack)["environment"] === undefined
    ? encrypted
    : [
        ...encrypted,
        `${stackFile(stack)} takes values from environments of Pulumi ESC, which only a deployment can read. Give them here: --set key=value`,
      ];
}

/** Of the environment each variable may be a secret or none. */
function isOpenSetting(key: string): boolean {
  const name = key.replace(/^nango:/, "");
  const isSetting = name !== key && name !== "environment" && Object.hasOwn(settings, name);
  return isSetting && !settings[name as SettingName].secret;
}
