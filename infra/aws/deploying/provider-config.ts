import type * as aws from "@pulumi/aws";

type ProviderSetting =
  | "accessKey"
  | "assumeRoles"
  | "assumeRoleWithWebIdentity"
  | "endpoints"
  | "profile"
  | "region"
  | "secretKey"
  | "sharedConfigFiles"
  | "sharedCredentialsFiles"
  | "stsRegion"
  | "token"
  | "useDualstackEndpoint"
  | "useFipsEndpoint";

/**
 * The settings of the Pulumi AWS provider (`aws:` in the stack file) that decide which account is reached, and how.
 * `aws.config` is one.
 */
export type AwsProviderConfig = Partial<Pick<typeof aws.config, ProviderSetting>>;
