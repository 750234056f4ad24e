import { writeFileSync } from "node:fs";
import { type Image, parseImage } from "../../infra/nango/image.ts";
import type { CommandLine } from "../../project/command.ts";
import { bareStackName, readProject } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import type { commands } from "../commands.ts";
import { type Change, changeBetween, pinnedTo, releaseOf } from "./change.ts";
import { findRelease, knownReleases } from "./known-releases.ts";
import { readStackFile, type StackFile } from "./stack-file.ts";
import { aboutImage, byHand, describeChange, describeStack, nextSteps } from "./text.ts";

/**
 * What `npm run upgrade` does.
 * @param place the folder of the project, and the URL of another manifest than Nango's own
 * @returns what to print
 * @throws UserError for what a person can put right; nothing is written then
 */
export async function upgrade(
  { positionals: [called = "", version], values }: CommandLine<typeof commands.upgrade.flags>,
  place: { readonly directory: string; readonly manifest?: string },
): Promise<string> {
  const project = readProject(place.directory);
  const stack = bareStackName(called);
  const { offline = false, "allow-downgrade": allowDowngrade = false } = values;
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
