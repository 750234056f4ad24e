import type { IAM } from "@aws-sdk/client-iam";

/** Whose policies decide what credentials may do. */
export type Principal =
  | { readonly kind: "user" | "role"; readonly arn: string }
  | { readonly kind: "root" }
  /** What it may do is decided by more than one policy that can be asked for. */
  | { readonly kind: "federated"; readonly arn: string };

/**
 * The identity behind the credentials, by what `sts:GetCallerIdentity` says of them. The ARN of a session leaves out the
 * path of its role, which only IAM tells.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export async function principalOf(caller: string, iam: Pick<IAM, "getRole">): Promise<Principal> {
  const [, partition = "", service = "", , account = "", resource = ""] = caller.split(":");
  const [kind = "", ...names] = resource.split("/");
  if (service === "iam" && kind === "root") return { kind: "root" };
  if (service === "iam" && kind === "user") return { kind: "user", arn: caller };
  const [name = ""] = names;
  if (service === "sts" && kind === "assumed-role") {
    const withoutPath = `arn:${partition}:iam::${account}:role/${name}`;
    const { Role } = await iam.getRole({ RoleName: name }).catch(() => ({ Role: undefined }));
    return { kind: "role", arn: Role?.Arn ?? withoutPath };
  }
  return { kind: "federated", arn: caller };
}
