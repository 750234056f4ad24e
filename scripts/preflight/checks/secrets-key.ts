import { bad, type Check, good, type Outcome } from "../../checks/check.ts";
import type { Subject } from "../subject.ts";

/** The key of KMS that a stack's secrets will be encrypted with. */
export interface SecretsKey extends Pick<Subject, "region" | "awsIn"> {
  /** `awskms://<id or alias>?region=<region>`. https://www.pulumi.com/docs/iac/concepts/secrets/#aws-key-management-service-kms */
  readonly url: string;
}

export const secretsKey: Check<SecretsKey> = {
  id: "secrets",
  title: "Secrets",
  permissions: ["kms:DescribeKey"],
  async run({ url, region, awsIn }): Promise<Outcome> {
    const [, name = "", query = ""] = /^awskms:\/\/\/?([^?]*)\??(.*)$/.exec(url) ?? [];
    const arnRegion = name.startsWith("arn:") ? name.split(":")[3] : undefined;
    const place = new URLSearchParams(query).get("region") ?? arnRegion ?? region;
    const remedy = "name a key that there is, and its region, in the secretsprovider of the stack's file";
    try {
      const { kms } = await awsIn(place);
      const { KeyMetadata } = await kms.describeKey({ KeyId: name });
      return KeyMetadata?.Enabled === false
        ? bad(`the key ${name} in ${place} is there, but its state is ${KeyMetadata.KeyState}`, remedy)
        : good(`the key ${name} in ${place} is there`);
    } catch (error) {
      if ((error as Error).name !== "NotFoundException") throw error;
      return bad(`${place} has no key ${name}`, remedy);
    }
  },
};
