// Who gets the roles: which claims of a job's token are asked for, and why these, says docs/bootstrap.md.

import type { BootstrapConfig } from "./configuration.ts";
import type { GitHubRepository, GitLabProject } from "./settings.ts";

/** What the jobs of a pipeline do with a stack, each with a role of its own. */
export const purposes = ["preview", "deploy", "drift"] as const;
export type Purpose = (typeof purposes)[number];

/** Operator, condition key, values: all of them have to hold. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** An issuer of tokens, and who of its jobs is meant. */
export interface Issuer {
  readonly kind: "github" | "gitlab";
  /** Without `https://`. */
  readonly host: string;
  /** The audience that a job has to ask for. */
  readonly audience: string;
  /** One job that fits each of them is let in. */
  readonly conditions: (purpose: Purpose, stack: string) => readonly Conditions[];
}

/** The issuers whose jobs a configuration lets in. */
export function issuersFor(config: BootstrapConfig): Issuer[] {
  return [
    ...(config.github === undefined ? [] : [github(config, config.github)]),
    ...(config.gitlab === undefined ? [] : [gitlab(config, config.gitlab)]),
  ];
}

/**
 * The claims that AWS tells apart are in its service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
function github(
  { branch, pullRequests }: BootstrapConfig,
  { owner, ownerId, name, id }: GitHubRepository,
): Issuer {
  const host = "token.actions.githubusercontent.com";
  const audience = "sts.amazonaws.com";
  const main = `refs/heads/${branch}`;
  /** Both forms of the subject, with names only and with IDs, whichever the repository has. */
  const job = (context: string, more: Conditions): Conditions =>
    merged(
      {
        StringEquals: {
          [`${host}:aud`]: audience,
          [`${host}:sub`]: [
            `repo:${owner}/${name}:${context}`,
            `repo:${owner}@${ownerId}/${name}@${id}:${context}`,
          ],
          [`${host}:repository_id`]: id,
        },
      },
      more,
    );
  const onMain = job(`ref:${main}`, { StringEquals: { [`${host}:ref`]: main } });
  return {
    kind: "github",
    host,
    audience,
    conditions: (purpose, stack) => {
      if (purpose === "deploy")
        return [job(`environment:${stack}`, { StringEquals: { [`${host}:ref`]: main } })];
      if (purpose === "drift" || !pullRequests.includes(stack)) return [onMain];
      // A job of pull_request_target has another ref: that of the branch it would be merged into.
      return [onMain, job("pull_request", { StringLike: { [`${host}:ref`]: "refs/pull/*/merge" } })];
    },
  };
}

/** https://docs.gitlab.com/ci/secrets/id_token_authentication/ */
function gitlab({ branch, pullRequests }: BootstrapConfig, { path, id }: GitLabProject): Issuer {
  const host = "gitlab.com";
  const audience = "https://gitlab.com";
  const job = (sources: readonly string[], more: Conditions): Conditions =>
    merged(
      {
        StringEquals: {
          [`${host}:aud`]: audience,
          [`${host}:project_id`]: id,
          [`${host}:pipeline_source`]: sources,
        },
      },
      more,
    );
  const onMain = {
    StringEquals: {
      [`${host}:sub`]: `project_path:${path}:ref_type:branch:ref:${branch}`,
      [`${host}:ref_protected`]: "true",
    },
  };
  return {
    kind: "gitlab",
    host,
    audience,
    conditions: (purpose, stack) => {
      if (purpose === "deploy") return [job(["push", "web"], onMain)];
      if (purpose === "drift") return [job(["schedule", "web"], onMain)];
      const anyBranch = { StringLike: { [`${host}:sub`]: `project_path:${path}:ref_type:branch:ref:*` } };
      return [
        job(["push", "web"], onMain),
        ...(pullRequests.includes(stack) ? [job(["merge_request_event"], anyBranch)] : []),
      ];
    },
  };
}

function merged(one: Conditions, other: Conditions): Conditions {
  const operators = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    operators.map((operator) => [operator, { ...one[operator], ...other[operator] }]),
  );
}

/** The policy that says who may have a role: jobs that fit one of the conditions, by the issuer's provider in IAM. */
export function trustPolicy(
  trusted: readonly { readonly providerArn: string; readonly conditions: readonly Conditions[] }[],
) {
  return {
    Version: "2012-10-17",
    Statement: trusted.flatMap(({ providerArn, conditions }) =>
      conditions.map((Condition) => ({
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition,
      })),
    ),
  } as const;
}
