import { type Check, when } from "../problem.ts";
import { entry, toRemove, toSet } from "../remedy.ts";

/** The Redis that each target can make. */
export const targetRedis: Check = (choices, { stack }) => {
  const { own, foreign } =
    choices.target === "aws"
      ? { own: "elasticache", foreign: "container" }
      : { own: "container", foreign: "elasticache" };
  return when(
    choices.redis === foreign,
    ["redis", "target"],
    `nango:redis = "${foreign}" cannot be made while nango:target = "${choices.target}".\n${toSet("For example", stack, entry("redis", own))}`,
  );
};

/** What is wrong between the settings of containers. */
export const docker: Check = (choices, { stack }) => [
  ...when(
    choices.dockerServerPort === choices.dockerConnectPort,
    ["dockerServerPort", "dockerConnectPort"],
    `nango:dockerServerPort and nango:dockerConnectPort are both ${choices.dockerServerPort}.\n${toSet("For example", stack, entry("dockerConnectPort", String(choices.dockerServerPort + 6)))}`,
  ),
  ...notRotatedOnDocker.flatMap(({ name, why }) =>
    when(
      choices.rotate[name] > 0,
      ["rotate"],
      `nango:rotate may not hold ${name} while nango:target = "docker": ${why}.\nRemove it ${toRemove(stack, "nango:rotate", name)}`,
    ),
  ),
];

const notRotatedOnDocker = [
  { name: "records", why: "one Postgres has both databases, with the one password of nango:rotate.database" },
  { name: "search", why: "OpenSearch takes its password into its data once, when its volume is empty" },
] as const;
