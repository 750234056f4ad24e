import { awsChecks } from "./checks/index.ts";
import { secretsKey } from "./checks/secrets-key.ts";

/** The IAM actions that the checks take, each once. */
export function permissions(): string[] {
  const all = [...awsChecks, secretsKey].flatMap((check) => check.permissions ?? []);
  return [...new Set([...all, "sts:GetCallerIdentity"])].sort();
}
