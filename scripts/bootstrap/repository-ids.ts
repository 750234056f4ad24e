import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";

/**
 * A repository on GitHub with its ID and that of its owner, as in `acme@1234567/nango@456789012`; one that has them already
 * stays as it is. https://docs.github.com/en/rest/repos/repos#get-a-repository
 * @param environment `GH_TOKEN` or `GITHUB_TOKEN` opens a private repository.
 * @throws UserError that says how to find them by hand.
 */
export async function withIds(repository: string, environment: NodeJS.ProcessEnv): Promise<string> {
  if (repository.includes("@")) return repository;
  const token = environment["GH_TOKEN"] ?? environment["GITHUB_TOKEN"];
  try {
    const response = await fetch(`https://api.github.com/repos/${repository}`, {
      headers: {
        accept: "application/vnd.github+json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`GitHub answers ${response.status}`);
    return idsIn(await response.json());
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The IDs of the repository ${repository} and of its owner cannot be looked up (${said}). If it is private, set GH_TOKEN ` +
        "(gh auth token shows one), or give them: --github with what this shows:\n" +
        `  gh api repos/${repository} --jq '"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)"'`,
    );
  }
}

function idsIn(answer: unknown): string {
  const { id, name, owner } = isRecord(answer) ? answer : {};
  const { id: ownerId, login } = isRecord(owner) ? owner : {};
  if (
    [id, ownerId].some((one) => !Number.isInteger(one)) ||
    typeof name !== "string" ||
    typeof login !== "string"
  )
    throw new Error("GitHub's answer has no IDs");
  return `${login}@${String(ownerId)}/${name}@${String(id)}`;
}
