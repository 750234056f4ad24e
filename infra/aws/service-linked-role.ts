import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AwsProviderConfig, awsClientOptions } from "./client-options.ts";

/** https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr-aos.html */
const serviceName = "opensearchservice.amazonaws.com";
const roleName = "AWSServiceRoleForAmazonOpenSearchService";

/** How long a new role takes until OpenSearch sees it. */
const settleMilliseconds = 20_000;

/**
 * Makes the role with which OpenSearch joins the VPC, where the account has none yet. The role belongs to the account
 * and not to this stack: it is no resource of Pulumi's, so that no stack deletes it under another one's domain.
 * For a domain's `beforeCreate`.
 */
export function ensureServiceLinkedRole(name: string): pulumi.ResourceHook {
  return new pulumi.ResourceHook(`${name}-service-linked-role`, () =>
    createServiceLinkedRole(aws.config, settleMilliseconds),
  );
}

/**
 * Looks the role up, and creates it when it is not there.
 * @param settle How long to wait after its creation, in milliseconds.
 * @throws pulumi.RunError that says how to make the role by hand.
 */
export async function createServiceLinkedRole(provider: AwsProviderConfig, settle: number): Promise<void> {
  const { IAM } = await import("@aws-sdk/client-iam");
  const iam = new IAM(await awsClientOptions(provider, "iam"));
  try {
    await iam.getRole({ RoleName: roleName });
  } catch (error) {
    if (!isNamed(error, "NoSuchEntityException")) throw explained(error);
    await create();
  } finally {
    iam.destroy();
  }

  async function create(): Promise<void> {
    try {
      await iam.createServiceLinkedRole({ AWSServiceName: serviceName });
    } catch (error) {
      // Another deployment made it in between.
      if (isNamed(error, "InvalidInputException") && /has been taken/.test(String(error))) return;
      throw explained(error);
    }
    await new Promise((resolve) => setTimeout(resolve, settle));
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function explained(error: unknown): pulumi.RunError {
  return new pulumi.RunError(
    `OpenSearch needs the role ${roleName} in the account, and it could not be looked up or made (${String(error)}). ` +
      `Make it once by hand: aws iam create-service-linked-role --aws-service-name ${serviceName}`,
  );
}
