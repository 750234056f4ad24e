// npm run upgrade -- <stack> [version] [--allow-downgrade]
//
// Shows the releases of Nango and what a stack has; with a version, writes it into the stack's file. Reaches no network.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Image, parseImage } from "../infra/nango/image.ts";
import { mistakeIn } from "../project/arguments.ts";
import { UserError } from "../project/user-error.ts";
import { bareStackName, readProject, stackNames } from "../project/project.ts";
import { changeBetween, findRelease, pinnedTo, releaseOf } from "./upgrade/change.ts";
import { aboutImage, describeChange, describeStack, nextSteps } from "./upgrade/text.ts";
import { readStackFile, type StackFile } from "./upgrade/stack-file.ts";

try {
  console.log(upgrade(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Returns what to print. */
function upgrade(args: readonly string[]): string {
  const project = readProject(process.cwd());
  const wish = readArguments(args, stackNames(project));
  if (typeof wish === "string") return wish;
  const { stack, version, allowDowngrade } = wish;
  const file = readStackFile(project, stack);
  const image = readImage(file);
  const current = releaseOf(image);
  if (version === undefined) return describeStack(stack, file, current);

  const release = findRelease(version, stack);
  const change = changeBetween(current, release);
  const pin = pinnedTo(image, release);
  if (pin === image.reference && file.isPinned) return `Stack "${stack}" has release ${version} already.`;
  const description = describeChange(stack, image, change);
  if ((change.direction === "back" || change.direction === "unknown") && !allowDowngrade) {
    throw new UserError(
      `${description}\n\nNothing was written. If that is what you want, add --allow-downgrade.`,
    );
  }
  writeFileSync(file.path, file.withImage(pin));
  return [
    description,
    [`Written into ${file.path}: nango:image: ${pin}`, ...aboutImage(image, pin)].join("\n"),
    nextSteps(stack, file, image, change),
  ].join("\n\n");
}

function readImage(file: StackFile): Image {
  try {
    return parseImage(file.image);
  } catch (error) {
    throw new UserError(`${file.path}: nango:image = "${file.image}" ${(error as Error).message}`);
  }
}

/** Returns the usage where that is what was asked for. */
function readArguments(args: readonly string[], stacks: readonly string[]) {
  const usage = `Usage: npm run upgrade -- <stack> [version] [--allow-downgrade], with one of the stacks ${stacks.toSorted().join(", ")}.`;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" }, "allow-downgrade": { type: "boolean" } },
    });
    if (values.help === true) return usage;
    const [stack, version, ...others] = positionals;
    if (stack === undefined || others.length > 0) throw new UserError(usage);
    return { stack: bareStackName(stack), version, allowDowngrade: values["allow-downgrade"] ?? false };
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${mistakeIn(error)}.\n${usage}`);
  }
}
