import { awsFailure } from "../../aws/failure.ts";
import { bad, type Check, type Outcome, type Result, runChecks, skipped } from "../../checks/check.ts";
import { freePlan, quotas } from "./account.ts";
import { alarmMail, alarms, alarmTopics } from "./alarms.ts";
import { backups, protection, status, tls, vault } from "./database.ts";
import type { Deployment } from "./deployment.ts";
import { migration, retention } from "./logs.ts";
import { running, targets, tasks } from "./service.ts";

export const awsChecks: readonly Check<Deployment>[] = [
  running,
  tasks,
  targets,
  migration,
  status,
  tls,
  backups,
  vault,
  protection,
  retention,
  quotas,
  freePlan,
  alarms,
  alarmMail,
  alarmTopics,
];

/** Looks at a deployment through AWS's API, in which nothing is changed. */
export function examineDeployment(deployment: Deployment): Promise<Result[]> {
  return runChecks(awsChecks, deployment, unseen);
}

/** That AWS does not tell says nothing of the deployment. */
export function unseen(error: unknown, check?: Check<Deployment>): Outcome {
  const { kind, says, action } = awsFailure(error);
  switch (kind) {
    case "not-found":
      return bad(says, "somebody deleted it, or the stack is another account's");
    case "denied":
      return skipped(`these credentials may not: ${(check?.permissions ?? [action]).join(", ")}`);
    case "credentials":
      return skipped(`no AWS credentials that work: ${says}`);
    default:
      return skipped(`AWS does not say: ${says}`);
  }
}

/** The IAM actions that the checks take, each once. */
export function permissions(): string[] {
  return [...new Set(awsChecks.flatMap((check) => check.permissions ?? []))].sort();
}
