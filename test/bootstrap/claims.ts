// Judges a trust policy as AWS does: whether somebody with a token may have the role.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

import { matches } from "../../scripts/permissions/policy.ts";
import type { Conditions, trustPolicy } from "../../bootstrap/trust.ts";

/** The claims of a token; `iss` without `https://`. */
export type Token = Readonly<Record<string, string>> & { readonly iss: string };

const operators: Readonly<Record<string, (wanted: string, claim: string) => boolean>> = {
  StringEquals: (wanted, claim) => wanted === claim,
  StringLike: matches,
};

function holds(conditions: Conditions, token: Token): boolean {
  return Object.entries(conditions).every(([operator, keys]) => {
    const test = operators[operator];
    if (test === undefined) throw new TypeError(`nothing is known of ${operator}`);
    return Object.entries(keys).every(([key, wanted]) => {
      const [issuer, name = ""] = key.split(/:(.*)/s);
      const claim = issuer === token.iss ? token[name] : undefined;
      // What is not in the token fits nothing.
      return claim !== undefined && [wanted].flat().some((one) => test(one, claim));
    });
  });
}

/** Whether the policy lets the token's bearer have the role. */
export function letsIn({ Statement }: ReturnType<typeof trustPolicy>, token: Token): boolean {
  return Statement.some(
    ({ Effect, Action, Principal, Condition }) =>
      Effect === "Allow" &&
      Action === "sts:AssumeRoleWithWebIdentity" &&
      Principal.Federated.endsWith(`:oidc-provider/${token.iss}`) &&
      holds(Condition, token),
  );
}

const repository = { owner: "acme", ownerId: "1234567", name: "nango", id: "456789012" };

/** The token of a job on GitHub. https://docs.github.com/en/actions/reference/security/oidc */
export function gitHubToken(
  context: { readonly ref: string; readonly environment?: string; readonly event?: string },
  of: Partial<typeof repository> & { readonly immutable?: boolean } = {},
): Token {
  const { owner, ownerId, name, id, immutable = true } = { ...repository, ...of };
  const { ref, environment, event = "push" } = context;
  const repo = immutable ? `${owner}@${ownerId}/${name}@${id}` : `${owner}/${name}`;
  const what =
    environment === undefined
      ? event === "pull_request"
        ? "pull_request"
        : `ref:${ref}`
      : `environment:${environment.replaceAll(":", "%3A")}`;
  return {
    iss: "token.actions.githubusercontent.com",
    aud: "sts.amazonaws.com",
    sub: `repo:${repo}:${what}`,
    repository: `${owner}/${name}`,
    repository_id: id,
    repository_owner_id: ownerId,
    event_name: event,
    ref,
    ...(environment === undefined ? {} : { environment }),
  };
}

/** The token of a job on GitLab.com. https://docs.gitlab.com/ci/secrets/id_token_authentication/ */
export function gitLabToken(
  job: {
    readonly ref: string;
    readonly source?: string;
    readonly isProtected?: boolean;
    readonly refType?: string;
  },
  project: { readonly path?: string; readonly id?: string } = {},
): Token {
  const { ref, source = "push", isProtected = false, refType = "branch" } = job;
  const { path = "acme/nango", id = "12345678" } = project;
  return {
    iss: "gitlab.com",
    aud: "https://gitlab.com",
    sub: `project_path:${path}:ref_type:${refType}:ref:${ref}`,
    project_path: path,
    project_id: id,
    pipeline_source: source,
    ref,
    ref_protected: String(isProtected),
  };
}
