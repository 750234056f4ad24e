import { readFileSync } from "node:fs";
import path from "node:path";
import { isAlias, isMap, isScalar } from "yaml";
import { defaultImage } from "../../infra/nango/image.ts";
import { UserError } from "../../project/user-error.ts";
import { type Project, readStackConfiguration } from "../../project/project.ts";
import { documentToChange } from "../../project/yaml.ts";

const key = "nango:image";

/**
 * Whether a key of a stack's file means a setting of the project.
 * https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/go/common/resource/config/key.go#L45
 */
function means(written: unknown, setting: string): boolean {
  return written === setting || written === `nango:${setting}` || written === `nango:config:${setting}`;
}

export interface StackFile {
  readonly path: string;
  /** The image that the stack runs: its own, or the default. */
  readonly image: string;
  /** Whether the file names it. */
  readonly isPinned: boolean;
  readonly isOnDocker: boolean;
  /** The file's text with another image, every other character as it was. */
  withImage(reference: string): string;
}

/** @throws UserError for a stack that has no file; it names those that have. */
export function readStackFile(project: Project, stack: string): StackFile {
  const entries = Object.entries(readStackConfiguration(project, stack));
  const valueOf = (setting: string) => entries.findLast(([written]) => means(written, setting))?.[1];
  const image = valueOf("image");
  const file = path.join(project.stacksDirectory, `Pulumi.${stack}.yaml`);
  if (image !== undefined && typeof image !== "string") {
    throw new UserError(`${file}: ${key} is encrypted or not a text: it is no secret, so set it again.`);
  }
  return {
    path: file,
    image: image ?? defaultImage,
    isPinned: image !== undefined,
    isOnDocker: valueOf("target") === "docker",
    withImage: (reference) => withImage(readFileSync(file, "utf8"), reference),
  };
}

/** The text of a stack's file with this image in its configuration; every other line of it stays as it was. */
export function withImage(text: string, reference: string): string {
  const document = documentToChange(text);
  const config = document.get("config");
  const pairs = isMap(config) ? config.items : [];
  const value = pairs.findLast(({ key: name }) => isScalar(name) && means(name.value, "image"))?.value;
  if ((isScalar(value) || isAlias(value)) && value.range) {
    const [start, end] = value.range;
    // A block scalar has the end of its last line, too.
    const [lineEnds] = /\s*$/.exec(text.slice(start, end)) ?? [""];
    return text.slice(0, start) + reference + lineEnds + text.slice(end);
  }
  const heading = isMap(document.contents)
    ? document.contents.items.find(({ key: name }) => isScalar(name) && name.value === "config")?.key
    : undefined;
  const first = isMap(config) && config.flow !== true ? config.items[0]?.key : undefined;
  if (isScalar(heading) && heading.range && isScalar(first) && first.range) {
    // As its first line: the comments at the end of a map may be about something else.
    const indentation = text.slice(text.lastIndexOf("\n", first.range[0]) + 1, first.range[0]);
    const next = text.indexOf("\n", heading.range[1]) + 1;
    return `${text.slice(0, next)}${indentation}${key}: ${reference}\n${text.slice(next)}`;
  }
  if (isMap(config)) {
    config.flow = false;
    config.set(key, reference);
  } else document.set("config", { [key]: reference });
  return document.toString({ lineWidth: 0 });
}
