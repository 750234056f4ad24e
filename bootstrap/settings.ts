import { list } from "../infra/config/settings/collections.ts";
import { optionalText, parsed, type Setting, text } from "../infra/config/settings/setting.ts";
import { nearest } from "../infra/config/nearest.ts";

/** A repository on GitHub, with the IDs that it and its owner keep when they are renamed. */
export interface GitHubRepository {
  readonly owner: string;
  readonly ownerId: string;
  readonly name: string;
  readonly id: string;
}

/** A project on GitLab.com. */
export interface GitLabProject {
  /** Groups and name: `acme/platform/nango`. */
  readonly path: string;
  readonly id: string;
}

/** The words for "not given", as in the stacks' own files. */
const none = "none";

const branchProblem = (value: string) =>
  /^(?!\/)(?!.*(?:\/\/|\.\.|@\{|\/$|\.lock$))[^\s~^:?*[\\]+$/.test(value)
    ? undefined
    : "is no branch: a whole name, without wildcards";

/**
 * GitHub's own form of a subject that cannot be reused.
 * https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
 */
function readGitHub(value: string): GitHubRepository | undefined {
  if (value === none) return undefined;
  const [, owner, ownerId, name, id] =
    /^([\w-]+)(?:@(\d+))?\/([\w.-]+?)(?:@(\d+))?$/.exec(value) ?? ([] as (string | undefined)[]);
  if (owner === undefined || name === undefined) throw new Error("is no repository of GitHub");
  if (ownerId === undefined || id === undefined) {
    throw new Error(
      `lacks the IDs, which this command shows: gh api repos/${owner}/${name} --jq '"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)"'`,
    );
  }
  return { owner, ownerId, name, id };
}

function readGitLab(value: string): GitLabProject | undefined {
  if (value === none) return undefined;
  const [, path, id] = /^([\w.-]+(?:\/[\w.-]+)+?)(?:@(\d+))?$/.exec(value) ?? ([] as (string | undefined)[]);
  if (path === undefined) throw new Error("is no project of GitLab.com");
  if (id === undefined)
    throw new Error("lacks the project's ID, which its page on GitLab shows under Settings, General");
  return { path, id };
}

/** Longer ones do not fit into the name of a role: `nango-ci-<stack>-preview`, of 64 characters. */
const longestStack = 47;

/** Every key of the `nango-bootstrap:` namespace. `known` are the stacks that have a file. */
export function settingsFor(known: readonly string[]) {
  const stackProblem = (stack: string) => {
    const near = nearest(stack, known);
    if (!known.includes(stack))
      return `is no stack: there is no stacks/Pulumi.${stack}.yaml${near === undefined ? "" : `, and perhaps ${near} is meant`}`;
    return stack.length > longestStack ? `has more than ${longestStack} characters` : undefined;
  };
  const stacks = {
    legal: `a list of these: ${known.join(", ")}`,
    check: stackProblem,
    change: ["in place"] as const,
  };
  return {
    github: parsed<GitHubRepository | undefined>({
      description: "The repository on GitHub whose jobs get the roles, and its owner, each with its ID.",
      legal: "none, <owner>@<ID>/<repository>@<ID>",
      example: "acme@1234567/nango@456789012",
      default: none,
      change: ["in place"],
      read: readGitHub,
    }),
    gitlab: parsed<GitLabProject | undefined>({
      description: "The project on GitLab.com whose jobs get the roles, with its ID.",
      legal: "none, <group>/<project>@<ID>",
      example: "acme/nango@12345678",
      default: none,
      change: ["in place"],
      read: readGitLab,
    }),
    branch: text({
      description: "The branch whose jobs deploy.",
      legal: "the name of a branch",
      example: "main",
      default: "main",
      change: ["in place"],
      check: branchProblem,
    }),
    stacks: list({
      ...stacks,
      description: "The stacks of this account that the pipeline deploys, in that order.",
      example: '["dev","production"]',
      default: [],
    }),
    pullRequests: list({
      ...stacks,
      description:
        "Those of them that jobs of pull requests may preview. Whoever may push a branch can read their secrets.",
      example: '["dev"]',
      default: [],
    }),
    backend: optionalText({
      description:
        "Where the state of the bootstrap itself lies. npm run bootstrap writes it once the bucket is there.",
      legal: "none, s3://<bucket>?region=<region>",
      example: "s3://nango-state-1a2b3c4?region=eu-central-1",
      change: ["nothing"],
      check: (value) =>
        /^s3:\/\/[a-z0-9][a-z0-9.-]+[a-z0-9](\?.+)?$/.test(value) ? undefined : "is no bucket of S3",
    }),
  } satisfies Readonly<Record<string, Setting<unknown>>>;
}

export type Settings = ReturnType<typeof settingsFor>;
