import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readProject } from "../../../project/project.ts";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { meetsHeading, notesOn, sectionsOf } from "../../../scripts/release/changelog.ts";
import {
  changesFile,
  readRelease,
  recordedVersions,
  recordStack,
  type ReleasedStack,
} from "../../../scripts/release/record.ts";
import { changeLines, harmsOf, rehearseUpdate } from "../../../scripts/release/update.ts";
import { rehearse } from "../../rehearse.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const project = readProject(root);
const changelog = readFileSync(path.join(root, "CHANGELOG.md"), "utf8");
const versions = recordedVersions(root);

/** The stacks of a list of changes, with their lines. */
function reviewed(version: string): Map<string, string[]> {
  const stacks = readFileSync(changesFile(root, version), "utf8").split(/^(?=\S)/m);
  return new Map(
    stacks.map((text) => {
      const [name = "", ...lines] = text.trimEnd().split("\n");
      return [name.replace(/:$/, ""), lines.filter((line) => line !== "  nothing")];
    }),
  );
}

// A difference is mended in the program, or reviewed: npm run release writes the lists.
describe.for(versions)("stacks of release %s", (version) => {
  const { stacks } = readRelease(root, version);

  test.for(Object.entries(stacks))(
    "%s is updated without harm, by the reviewed changes",
    async ([name, stack]) => {
      const update = await rehearseUpdate(project, name, stack, rehearse);
      expect(harmsOf(update, stack)).toEqual([]);
      expect(changeLines(update)).toEqual(reviewed(version).get(name));
    },
  );

  test("are told of in the changelog", () => {
    expect(notesOn(changelog, version)).toContain(meetsHeading);
  });
});

test("the changelog has the newest versions first, and nothing released without a record", () => {
  const [first, ...released] = sectionsOf(changelog);
  expect(first?.title).toBe("Unreleased");
  expect(released.map(({ title }) => title)).toEqual(versions.toReversed());
});

// What the machinery sees, shown on today's program: each fault is in what was deployed, as if today's had changed it.
describe("an update", () => {
  const today = () => recordStack(project, "dev", rehearse);

  async function updateOf(stack: ReleasedStack): Promise<{ harms: string[]; update: Rehearsal }> {
    const update = await rehearseUpdate(project, "dev", stack, rehearse);
    return { harms: harmsOf(update, stack), update };
  }

  /** The stack as it was deployed by a program in which one resource was another. */
  function before(stack: ReleasedStack, type: string, change: (text: string) => string): ReleasedStack {
    const isIt = (resource: { type: string }) => resource.type === type;
    expect(stack.resources.filter(isIt)).not.toEqual([]);
    const resources = stack.resources.map((resource) =>
      isIt(resource) ? (JSON.parse(change(JSON.stringify(resource))) as typeof resource) : resource,
    );
    return { ...stack, resources };
  }

  test("of what is deployed changes nothing", async () => {
    const { harms, update } = await updateOf(await today());
    expect([harms, update.changes]).toEqual([[], []]);
  });

  test("takes the configuration that the stack had", async () => {
    const stack = await today();
    const { update } = await updateOf({
      ...stack,
      configuration: { ...stack.configuration, "nango:cpu": 1024 },
    });
    expect(changeLines(update).join("\n")).toContain("  update ecs.Service nango (taskDefinition)");
  });

  test("that renames the database is harm", async () => {
    const renamed = before(await today(), "aws:rds/instance:Instance", (text) =>
      text.replaceAll("nango-database", "nango-postgres"),
    );
    expect((await updateOf(renamed)).harms).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^deletes rds\.Instance nango-postgres, which holds data/),
      ]),
    );
  });

  test("that replaces the database is harm", async () => {
    const other = before(await today(), "aws:rds/instance:Instance", (text) =>
      text.replaceAll('"storageEncrypted":true', '"storageEncrypted":false'),
    );
    expect((await updateOf(other)).harms).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^replaces rds\.Instance nango-database, which holds data/),
      ]),
    );
  });

  test("that makes another encryption key is harm", async () => {
    const renamed = before(await today(), "random:index/randomPassword:RandomPassword", (text) =>
      text.replaceAll("encryption-key", "key"),
    );
    expect((await updateOf(renamed)).harms.join("\n")).toMatch(/^deletes RandomPassword .*key, which/m);
  });

  test("that is refused is harm", async () => {
    const stack = await today();
    const { harms } = await updateOf({
      ...stack,
      configuration: { ...stack.configuration, "nango:gone": "1" },
    });
    expect(harms.join("\n")).toContain("nango:gone");
  });

  test("that renames what holds nothing is for a reviewer to see", async () => {
    const renamed = before(await today(), "aws:cloudwatch/logGroup:LogGroup", (text) =>
      text.replaceAll("::nango", "::old"),
    );
    const { update } = await updateOf(renamed);
    const lines = changeLines(update).filter((line) => line.includes(" cloudwatch.LogGroup "));
    expect(lines.map((line) => line.trim().split(" ")[0])).toEqual([
      "delete",
      "delete",
      "delete",
      "create",
      "create",
      "create",
    ]);
  });
});
