import { partitionOf } from "../../infra/config/rules/aws-region.ts";
import { make } from "./grant.ts";
import { backupRole } from "./backup.ts";
import { arn, makes, type Place } from "./place.ts";
import { type Policy, policyOf } from "./policy.ts";
import { ofStack } from "./tags.ts";

/**
 * The most that the roles of a stack are ever given: a permissions boundary for them, the same whatever its settings but
 * for backups. What they may really do is in infra/aws/service/task-roles.ts and infra/aws/data/backup-vault.ts, and less.
 */
export function boundaryPolicy(place: Place): Policy {
  const { name: partition } = partitionOf(place.region);
  return policyOf(
    [
      // Starting tasks: the secret, the log and the image, which may lie in a registry of another account or region.
      ofStack(make("secretsmanager:GetSecretValue", [arn(place, "secretsmanager", "secret:nango-*")]), place),
      make("logs:CreateLogStream PutLogEvents", [arn(place, "logs", "log-group:nango-*")]),
      make("ecr:GetAuthorizationToken", ["*"]),
      make("ecr:BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer BatchImportUpstreamImage", [
        `arn:${partition}:ecr:*:*:repository/*`,
      ]),
      // A shell in them, with nango:executeCommand, and the way to the databases. These know no resources.
      make("ssmmessages:CreateControlChannel CreateDataChannel OpenControlChannel OpenDataChannel", ["*"]),
      // Backing up databases, with nango:backupVault.
      ...(makes(place, "aws:backup/selection:Selection") ? backupRole(place) : []),
    ],
    "deploy",
  );
}
