import type { Choices } from "../choices.ts";
import type { Check, Problem } from "../problem.ts";
import type { GivenConfiguration } from "../values.ts";
import { access, certificate, region } from "./access.ts";
import {
  backupCopies,
  backupsElsewhere,
  certificates,
  databaseUrls,
  databases,
  pools,
  snapshots,
  storage,
} from "./databases.ts";
import { endpoints } from "./endpoints.ts";
import { environment } from "./environment.ts";
import { imageSourceChecks } from "./image.ts";
import { logs } from "./logs.ts";
import { topic } from "./monitoring.ts";
import { cidrs, existingNetwork, network } from "./network.ts";
import { partitions } from "./partitions.ts";
import { redis } from "./redis.ts";
import { service } from "./service.ts";
import { docker, targetRedis } from "./target.ts";
import { room } from "./task-definition.ts";
import { withoutEffect } from "./without-effect.ts";

/** What is wrong between settings that are each legal. */
export function crossChecks(choices: Choices, given: GivenConfiguration): Problem[] {
  const checks: Check[] = [
    withoutEffect,
    ...(choices.target === "aws"
      ? [
          region,
          ...imageSourceChecks,
          access,
          certificate,
          network,
          existingNetwork,
          cidrs,
          storage,
          snapshots,
          backupCopies,
          backupsElsewhere,
          partitions,
          room,
          topic,
        ]
      : [docker]),
    targetRedis,
    databaseUrls,
    endpoints,
    databases,
    certificates,
    pools,
    logs,
    redis,
    service,
    environment,
  ];
  return checks.flatMap((check) => check(choices, given));
}
