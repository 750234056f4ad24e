import { expect, test } from "vitest";
import { readProject } from "../../../project/project.ts";
import { refuseOtherThanDrill } from "../../../scripts/ci/drill.ts";
import type { StateResource } from "../../../scripts/pulumi/state.ts";
import { commit, directory, repositoriesOfTheirOwn } from "./repository.ts";

repositoriesOfTheirOwn();

function refuse(lines: readonly string[], types: readonly string[] = [], stack = "drill"): void {
  commit({
    "Pulumi.yaml": "name: nango\nruntime: nodejs\nstackConfigDir: stacks\n",
    [`stacks/Pulumi.${stack}.yaml`]: ["config:", ...lines.map((line) => `  ${line}`), ""].join("\n"),
  });
  const resources = types.map((type): StateResource => ({
    type,
    urn: `urn:pulumi:drill::nango::${type}::a`,
  }));
  refuseOtherThanDrill(readProject(directory), stack, { resources, pendingOperations: [] });
}

const region = "aws:region: eu-central-1";
const may = "nango:allowDataLoss: true";

test("a stack of a backup that may be deleted is one to practise on", () => {
  expect(() => refuse(["nango:databaseSnapshot: nango-drill", may])).not.toThrow();
  expect(() =>
    refuse(
      ["nango:databaseRestoreTime: latest", `nango:allowDataLoss: "true"`],
      ["pulumi:pulumi:Stack", "pulumi:providers:aws"],
    ),
  ).not.toThrow();
});

test("a stack of another name is none, whatever its file says", () => {
  for (const name of ["production", "drills", "drill-production"])
    expect(() => refuse(["nango:databaseSnapshot: a", may], [], name)).toThrow(
      "is no name of a stack for a drill",
    );
  expect(() => refuse(["nango:databaseSnapshot: a", may], [], "production-drill")).not.toThrow();
});

test.each([
  ["of no backup", [region, may], [], "has none of nango:databaseSnapshot, nango:databaseRestoreTime"],
  [
    "that keeps its data",
    [region, "nango:databaseSnapshot: a"],
    [],
    "does not have nango:allowDataLoss: true",
  ],
  [
    "that is deployed",
    ["nango:databaseSnapshot: a", may],
    ["aws:rds/instance:Instance"],
    "has 1 resources already",
  ],
])("a stack %s is none", (_, lines, types, why) => {
  expect(() => refuse(lines, types)).toThrow(why);
});
