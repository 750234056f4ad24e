import { expect, test } from "vitest";

import { defaultText, type Setting } from "../../infra/config/settings/setting.ts";
import { settings, type SettingName } from "../../infra/config/settings.ts";
import { parseTexts, problemsOf, type Texts } from "./given.ts";

const ofAws = (Object.keys(settings) as SettingName[]).filter(
  (name) => (settings[name] as Setting<unknown>).target === "aws",
);
const example = (name: SettingName): string => {
  const { example: given, placeholder } = settings[name] as Setting<unknown>;
  return given === defaultText(settings[name]) || given.startsWith("$(") ? (placeholder ?? given) : given;
};

/** Values that would also be wrong beside the others on AWS. */
const extreme: readonly Texts[] = [
  { size: "large" },
  { replicas: "3" },
  { maxReplicas: "3" },
  { cpu: "16384" },
  { memory: "122880" },
  { databaseStorageGb: "500" },
  { databaseMaxStorageGb: "20" },
  { databaseMaxConnections: "20" },
];

test.each([...ofAws.map((name): Texts => ({ [name]: example(name) })), ...extreme])(
  "on a laptop, %j is only said to have no effect",
  (values) => {
    const messages = problemsOf(() => parseTexts({ target: "docker", ...values })).filter(
      (message) => !/is for aws only/.test(message),
    );
    expect(messages).toEqual([]);
  },
);
