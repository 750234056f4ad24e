import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Image, parseImage } from "../../infra/nango/image.ts";
import { mistakeIn } from "../../project/arguments.ts";
import { bareStackName, readProject, stackNames } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { type Change, changeBetween, pinnedTo, releaseOf } from "./change.ts";
import { findRelease, knownReleases } from "./known-releases.ts";
import { readStackFile, type StackFile } from "./stack-file.ts";
import { aboutImage, byHand, describeChange, describeStack, nextSteps } from "./text.ts";

/**
 * Runs `npm run upgrade` with the arguments.
 * @param place the folder of the project, and the URL of another manifest than Nango's own
 * @returns what to print
 * @throws UserError for what a person can put right; nothing is written then
 */
export async function upgrade(
  args: readonly string[],
  place: { readonly directory: string; readonly manifest?: string },
): Promise<string> {
  const project = readProject(place.directory);
  const wish = readArguments(args, stackNames(project));
  if (typeof wish === "string") return wish;
  const { stack, version, offline, allowDowngrade } = wish;
  const file = readStackFile(project, stack);
  const image = readImage(file);
  const known = await knownReleases({ ...place, offline });
  const current = releaseOf(image, known.list);
  if (version === undefined) return describeStack(stack, file, image, current, known);

  const release = findRelease(known, version, byHand(file, image));
  const change = changeBetween(known.list, current, release);
  const pin = pinnedTo(image, release);
  if (pin === image.reference && file.isPinned)
    return `Stack "${stack}" has release ${release.version} already.`;
  const description = describeChange(stack, image, change, known.list);
  const remarks = known.isCurrent ? [description] : [known.origin, description];
  if (goesBack(change) && !allowDowngrade) {
    throw new UserError(
      [...remarks, "Nothing was written. If that is what you want, add --allow-downgrade."].join("\n\n"),
    );
  }
  writeFileSync(file.path, file.withImage(pin));
  return [
    ...remarks,
    [`Written into ${file.path}: nango:image: ${pin}`, ...aboutImage(image, pin)].join("\n"),
    nextSteps(stack, file, image, change),
  ].join("\n\n");
}

function goesBack({ direction }: Change): boolean {
  return direction === "back" || direction === "unknown";
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
  const usage = `Usage: npm run upgrade -- <stack> [version] [--allow-downgrade] [--offline], with one of the stacks ${stacks.toSorted().join(", ")}.`;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        "allow-downgrade": { type: "boolean" },
        offline: { type: "boolean" },
      },
    });
    if (values.help === true) return usage;
    const [stack, version, ...others] = positionals;
    if (stack === undefined || others.length > 0) throw new UserError(usage);
    return {
      stack: bareStackName(stack),
      version,
      allowDowngrade: values["allow-downgrade"] ?? false,
      offline: values.offline ?? false,
    };
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${mistakeIn(error)}.\n${usage}`);
  }
}
