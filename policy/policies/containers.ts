import { UNKNOWN } from "../../project/values.ts";
import type { Policy, ResourcePolicy } from "../policy.ts";
import { dockerContainerOf, isNango, onContainers, type Process } from "../processes.ts";
import { input, required, violation } from "../reading.ts";

/** A digest, an image's ID, a commit, or a whole version: not `latest`, not `16`. */
const pinned = /(^|@)sha256:[0-9a-f]{64}$|:([\w.-]*[.-])?[0-9a-f]{7,40}$|:v?\d+\.\d+(\.\d+)?[\w.-]*$/;
/** How tags end that move on though a version stands before: `1.27-latest`, `1.2.x`. */
const moving = /:.*[.-](latest|edge|nightly|stable|main|master|snapshot|x)$/i;

const movingTag = (image: string) => image !== UNKNOWN && (!pinned.test(image) || moving.test(image));

const pinnedImages: ResourcePolicy = {
  name: "pinned-images",
  level: "mandatory",
  promise: "Every image is named so that it means one build: by digest, by commit or by a whole version.",
  reason: "A tag that moves deploys what nobody has tried, on whichever day a task is replaced.",
  remedy:
    "Name a digest, as in repository@sha256:<64 hexadecimal digits>, or a tag that is never pushed again.",
  link: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html",
  judge: (resource) => {
    const named: Readonly<Record<string, string>> = {
      "docker:index/remoteImage:RemoteImage": "name",
      "docker:index/container:Container": "image",
      "aws:lambda/function:Function": "imageUri",
    };
    const image = input(resource, named[resource.type] ?? "");
    return [
      ...(named[resource.type] !== undefined && typeof image === "string" && movingTag(image)
        ? [violation(`runs the image ${image}, which can change`)]
        : []),
      ...onContainers(resource, ({ image }) =>
        movingTag(image) ? [`runs the image ${image}, which can change`] : [],
      ),
    ];
  },
};

const x86: ResourcePolicy = {
  name: "x86-64",
  level: "mandatory",
  promise: "Tasks run on x86-64.",
  reason: "Nango's image is built for it alone: on ARM no task starts.",
  remedy: "Leave cpuArchitecture as X86_64.",
  link: "https://hub.docker.com/r/nangohq/nango-server/tags",
  judge: (resource) => {
    if (
      resource.type === "docker:index/remoteImage:RemoteImage" &&
      /nango-server/.test(String(input(resource, "name")))
    )
      return required(
        resource,
        "platform",
        (platform) => platform === "linux/amd64",
        "is pulled for another platform than linux/amd64",
      );
    return resource.type === "aws:ecs/taskDefinition:TaskDefinition"
      ? required(
          resource,
          "runtimePlatform.cpuArchitecture",
          (value) => value === undefined || value === "X86_64",
          `runs on ${String(input(resource, "runtimePlatform.cpuArchitecture"))}`,
        )
      : [];
  },
};

const shells = /(^|\/)(ba|a|da|z|k)?sh$|^(npm|npx|pnpm|yarn)$/;

/** What starts the program that is named behind it, and is no longer there afterwards. */
const starters = /(^|\/)(env|busybox)$/;

/** What the container's first process is; undefined where the image decides. */
function firstProcess(words: readonly string[]): string | undefined {
  return starters.test(words[0] ?? "") ? words.slice(1).find((word) => !/^-|^\w+=/.test(word)) : words[0];
}

/** Whether a shell gives its place to the program in the end, as in ["sh", "-c", "exec node server.js"]. */
const givesWay = (words: readonly string[]) =>
  words.some(
    (word, index) => /^-\w*c$/.test(words[index - 1] ?? "") && /(^|[\n;&]|\bthen)\s*exec\s/.test(word),
  );

function shellOf({ words }: Process): string[] {
  const first = firstProcess(words) ?? "";
  return shells.test(first) && !givesWay(words) ? [`starts with ${first}`] : [];
}

const initProcess: ResourcePolicy = {
  name: "init-process",
  level: "mandatory",
  promise: "The program itself is process 1 of its container, and no shell is before it.",
  reason: "A shell does not hand on SIGTERM: each deployment cuts off requests and ends in a kill.",
  remedy:
    'Start the program itself, as in ["node", "server.js"], let the shell end in exec, or set linuxParameters.initProcessEnabled.',
  link: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinuxParameters.html",
  judge: (resource) => {
    const onDocker = dockerContainerOf(resource);
    return [
      ...(onDocker?.serves && !onDocker.hasInit ? shellOf(onDocker).map(violation) : []),
      ...onContainers(resource, (container) => {
        if (container.hasInit) return [];
        return container.words.length === 0 && isNango(container.image)
          ? ["leaves its command to Nango's image, which starts a shell"]
          : shellOf(container);
      }),
    ];
  },
};

export const containers: readonly Policy[] = [pinnedImages, x86, initProcess];
