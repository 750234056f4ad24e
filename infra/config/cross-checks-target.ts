import { type Check, when } from "./problem.ts";

/** The Redis that each target can make. */
export const targetRedis: Check = (values) => {
  const { own, foreign } =
    values.target === "aws"
      ? { own: "elasticache", foreign: "container" }
      : { own: "container", foreign: "elasticache" };
  return when(
    values.redis === foreign,
    ["redis", "target"],
    `nango:redis = "${foreign}" cannot be made while nango:target = "${values.target}".\nFor example: pulumi config set nango:redis ${own}`,
  );
};

/** What is wrong between the settings of containers. */
export const docker: Check = (values) =>
  when(
    values.dockerServerPort === values.dockerConnectPort,
    ["dockerServerPort", "dockerConnectPort"],
    `nango:dockerServerPort and nango:dockerConnectPort are both ${values.dockerServerPort}.\nFor example: pulumi config set nango:dockerConnectPort ${values.dockerServerPort + 6}`,
  );
