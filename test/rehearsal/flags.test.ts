import { describe, expect, test } from "vitest";

import { ConfigurationError } from "../../infra/config/problem.ts";
import { entry, exampleEntry, toRemove, toSet } from "../../infra/config/remedy.ts";
import { settings, type SettingName } from "../../infra/config/settings.ts";
import { adviceByFlags, overridesOf } from "../../rehearsal/flags.ts";

const names = Object.keys(settings) as SettingName[];

describe("advice on a key that came by a flag", () => {
  test("says the flag, of every setting", () => {
    for (const name of names) saysTheFlag(name);
  });

  function saysTheFlag(name: SettingName): void {
    const advised = adviceByFlags(toSet("For example", "dev", exampleEntry(name)), "dev", { [name]: "bad" });
    const key = `nango:${name}`;
    expect(advised).toMatch(
      new RegExp(`^For example: --set (${key}[.=]\\S+|'${key}[.=][^']*'|${key}="[^"]*")$`),
    );
    expect(adviceByFlags(`Remove it ${toRemove("dev", key)}\nAnd more`, "dev", {}, { [key]: "bad" })).toBe(
      "Remove it from --change\nAnd more",
    );
  }

  test("leaves out when secrets are set, where none is set by a command", () => {
    const problem = toSet("For example", "dev", exampleEntry("dashboardPassword"));
    // The engine takes away white space at the end of what a program says.
    const { message } = new ConfigurationError("dev", [{ keys: [], message: problem }]);
    expect(message).toContain("Secrets are set once");
    expect(adviceByFlags(message.trim(), "dev", { dashboardPassword: "x" })).not.toContain("Secrets are set");
    expect(adviceByFlags(message.trim(), "dev", { size: "x" })).toContain("Secrets are set");
  });

  test("is a word of the command line with the value of the advice", () => {
    const advised = (name: SettingName, value: string) =>
      adviceByFlags(toSet("Say", "dev", entry(name, value)), "dev", { [`nango:config:${name}`]: "" });
    expect(advised("size", "medium")).toBe("Say: --set nango:size=medium");
    expect(advised("allowedCidrs", "10.0.0.0/8")).toBe(`Say: --set 'nango:allowedCidrs=["10.0.0.0/8"]'`);
    expect(advised("smtpFrom", "Nango <a@b.dev>")).toBe("Say: --set 'nango:smtpFrom=Nango <a@b.dev>'");
    expect(advised("trustedCaPem", '-- "$(cat ca.pem)"')).toBe(
      'Say: --set nango:trustedCaPem="$(cat ca.pem)"',
    );
    const two = toSet("Give", "dev", entry("domain", "a.dev"), entry("hostedZone", "b.dev"));
    expect(adviceByFlags(two, "dev", { hostedZone: "x" })).toBe(
      "Give: --set nango:domain=a.dev --set nango:hostedZone=b.dev",
    );
  });

  test("goes by the last flag, and by the key of a path", () => {
    const said = `Remove it ${toRemove("dev", "nango:environment", "A_B")}`;
    expect(adviceByFlags(said, "dev", { "environment.A_B": "" }, { "nango:environment": "" })).toBe(
      "Remove it from --change",
    );
  });
});

test("a secret by a flag takes no stack that is made", () => {
  const said = (name: SettingName) =>
    new ConfigurationError("dev", [{ keys: [], message: toSet("For example", "dev", exampleEntry(name)) }])
      .message;
  expect(adviceByFlags(said("databaseUrl"), "dev", { databaseUrl: "" })).not.toContain("npm run preview");
  expect(adviceByFlags(said("redisUrl"), "dev", { databaseUrl: "" })).toContain(
    "npm run preview -- dev makes it",
  );
});

test("advice on other keys, and on other stacks, stays as it is", () => {
  const said = `${toSet("For example", "dev", entry("size", "medium"))}\nRemove it ${toRemove("dev", "nango:redis")}`;
  expect(adviceByFlags(said, "dev", { domain: "x" }, { sizes: "y" })).toBe(said);
  expect(adviceByFlags(said, "dev.", { size: "x", redis: "y" })).toBe(said);
});

test("what is secret is marked so, since a flag stores it nowhere", () => {
  expect(
    overridesOf({
      "nango:config:databaseUrl": "a",
      encryptionKey: "b",
      "nango:size": "c",
      "acme:databaseUrl": "d",
    }),
  ).toEqual({
    set: { "nango:size": "c", "acme:databaseUrl": "d" },
    secrets: { "nango:config:databaseUrl": "a", encryptionKey: "b" },
  });
});
