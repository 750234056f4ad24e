import { type Check, when } from "../problem.ts";
import { entry, toRemove, toSet } from "../remedy.ts";

export const redis: Check = (choices, given) => {
  const { replicas, maxReplicas } = choices;
  const { stack } = given;
  const one = [
    entry("maxReplicas", "1"),
    // What the size decides follows its ceiling; what is given does not.
    ...(replicas > 1 && (given.values["replicas"] ?? "preset") !== "preset" ? [entry("replicas", "1")] : []),
  ];
  return [
    ...when(
      choices.target === "aws" && maxReplicas > 1 && choices.redis === "none",
      ["redis", "maxReplicas", "replicas", "size"],
      `nango:redis = "none" leaves up to ${maxReplicas} replicas without Redis: OAuth results would get lost and tokens be refreshed twice.\nRemove it ${toRemove(stack, "nango:redis")}\n${toSet("Or keep one replica", stack, ...one)}`,
    ),
    ...when(
      choices.redis === "external" && choices.redisUrl === undefined,
      ["redis", "redisUrl"],
      `nango:redis = "external" needs nango:redisUrl.\n${toSet("For example", stack, entry("redisUrl", "rediss://:token@redis.example.com:6379"))}`,
    ),
    ...when(
      choices.target === "aws" && replicas > maxReplicas,
      ["replicas", "maxReplicas", "size"],
      `nango:replicas = ${replicas} is more than nango:maxReplicas = ${maxReplicas}.\n${toSet("Raise the ceiling", stack, entry("maxReplicas", String(replicas)))}`,
    ),
  ];
};
