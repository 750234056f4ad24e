import { type Check, when } from "../problem.ts";

export const redis: Check = (choices, given) => {
  const { replicas, maxReplicas } = choices;
  const one = [
    "pulumi config set nango:maxReplicas 1",
    // What the size decides follows its ceiling; what is given does not.
    ...(replicas > 1 && (given.values["replicas"] ?? "preset") !== "preset"
      ? ["pulumi config set nango:replicas 1"]
      : []),
  ];
  return [
    ...when(
      choices.target === "aws" && maxReplicas > 1 && choices.redis === "none",
      ["redis", "maxReplicas", "replicas", "size"],
      `nango:redis = "none" leaves up to ${maxReplicas} replicas without Redis: OAuth results would get lost and tokens be refreshed twice.\nRemove it (pulumi config rm nango:redis), or keep one replica: ${one.join(" && ")}`,
    ),
    ...when(
      choices.redis === "external" && choices.redisUrl === undefined,
      ["redis", "redisUrl"],
      'nango:redis = "external" needs nango:redisUrl.\nFor example: pulumi config set --secret nango:redisUrl rediss://:token@redis.example.com:6379',
    ),
    ...when(
      choices.target === "aws" && replicas > maxReplicas,
      ["replicas", "maxReplicas", "size"],
      `nango:replicas = ${replicas} is more than nango:maxReplicas = ${maxReplicas}.\nRaise the ceiling: pulumi config set nango:maxReplicas ${replicas}`,
    ),
  ];
};
