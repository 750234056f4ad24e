import { readRedisUrl } from "../../nango/connection-url.ts";
import { instanceTypeProblem } from "../rules/format.ts";
import { thrown } from "../thrown.ts";
import { absent, cacheIsMade, either, only } from "./condition.ts";
import { flag, optionalChoice, optionalText, presetInteger, text } from "./setting.ts";

/** The settings of what several tasks share. */
export const redis = {
  redis: optionalChoice({
    needs: either(
      "nango:redisUrl brings a Redis",
      absent("redisUrl", "nango:redisUrl brings a Redis"),
      only("redis", "external"),
    ),
    change: ["adds resources", "restarts Nango"],
    missing: "preset",
    values: ["none", "elasticache", "container", "external"],
    description:
      "The Redis that several tasks need to share locks and OAuth results. Preset: ElastiCache as soon as maxReplicas is more than one; with target docker, whose one server needs none, none. A container is for docker only.",
    example: "elasticache",
  }),
  redisUrl: optionalText({
    change: ["restarts Nango"],
    secret: true,
    legal: "none, or rediss://user:password@host:port",
    description: "With external: an existing Redis 6 or Valkey, not in cluster mode.",
    example: "rediss://:token@redis.example.com:6379",
    check: (value) => thrown(() => readRedisUrl(value)),
  }),
  cacheNodes: presetInteger({
    target: "aws",
    needs: cacheIsMade,
    change: ["in place"],
    least: 1,
    most: 6,
    description:
      "With elasticache: the number of nodes, a primary and its replicas. Two or more fail over by themselves.",
    example: "2",
  }),
  acceptOldRedisToken: flag({
    target: "aws",
    needs: cacheIsMade,
    change: ["in place"],
    default: false,
    description:
      "With elasticache: whether the token from before the last rotation is accepted, too. npm run rotate sets it until all tasks have the new one.",
    example: "true",
  }),
  // The smallest in every size: Valkey keeps what tasks tell each other about sign-ins that are under way, locks and counters
  // of calls, which is little data, and some thousand short commands a second where a size is at full scale.
  cacheNodeType: text({
    target: "aws",
    needs: cacheIsMade,
    change: ["replaces nodes"],
    default: "cache.t4g.micro",
    legal: "an ElastiCache node type",
    description: "With elasticache: the node type.",
    example: "cache.t4g.small",
    check: instanceTypeProblem("cache.", "", "cache.t4g.micro", "an ElastiCache node type"),
  }),
};
