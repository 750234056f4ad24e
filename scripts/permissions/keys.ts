import { look, make, provider, type ResourcePermissions } from "./grant.ts";
import { arn, inRegion, type Place } from "./place.ts";
import { tagged, tagging } from "./tags.ts";

/** Keys have IDs that KMS makes up. */
const keys = (place: Place) => [arn(place, "kms", "key/*")];

/** `aws.kms` */
export const encryptionKeys: Readonly<Record<string, ResourcePermissions>> = {
  "aws:kms/key:Key": {
    source: provider("kms/key.go"),
    grants: (_, place) => [
      make("kms:CreateKey", ["*"], { when: { ...tagging, ...inRegion(place).when } }),
      make("kms:TagResource", keys(place), { when: tagging }),
      make(
        "kms:PutKeyPolicy EnableKey EnableKeyRotation UpdateKeyDescription UntagResource ScheduleKeyDeletion",
        keys(place),
        { when: tagged },
      ),
      look("kms:DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags", keys(place), {
        when: tagged,
      }),
    ],
  },
  "aws:kms/alias:Alias": {
    source: provider("kms/alias.go"),
    grants: ({ inputs }, place) => [
      make("kms:CreateAlias UpdateAlias DeleteAlias", [arn(place, "kms", String(inputs["name"]))]),
      make("kms:CreateAlias UpdateAlias DeleteAlias", keys(place), { when: tagged }),
      look("kms:ListAliases", ["*"], inRegion(place)),
    ],
  },
};
