import { type Check, when } from "../problem.ts";

/** The Redis that each target can make. */
export const targetRedis: Check = (choices) => {
  const { own, foreign } =
    choices.target === "aws"
      ? { own: "elasticache", foreign: "container" }
      : { own: "container", foreign: "elasticache" };
  return when(
    choices.redis === foreign,
    ["redis", "target"],
    `nango:redis = "${foreign}" cannot be made while nango:target = "${choices.target}".\nFor example: pulumi config set nango:redis ${own}`,
  );
};

/** What is wrong between the settings of containers. */
export const docker: Check = (choices) =>
  when(
    choices.dockerServerPort === choices.dockerConnectPort,
    ["dockerServerPort", "dockerConnectPort"],
    `nango:dockerServerPort and nango:dockerConnectPort are both ${choices.dockerServerPort}.\nFor example: pulumi config set nango:dockerConnectPort ${choices.dockerServerPort + 6}`,
  );
