import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsClientOptions } from "./client-options.ts";

/** https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr-aos.html */
const serviceName = "opensearchservice.amazonaws.com";
const roleName = "AWSServiceRoleForAmazonOpenSearchService";

/** How long a new role takes until OpenSearch sees it. Milliseconds. */
const settleMilliseconds = 20_000;

/**
 * Makes the role with which OpenSearch joins the VPC, where the account has none yet. The role belongs to the account
 * and not to this stack: it is no resource of Pulumi's, so that no stack deletes it under another one's domain.
 * For a domain's `beforeCreate`.
 */
export function ensureServiceLinkedRole(name: string): pulumi.ResourceHook {
  return new pulumi.ResourceHook(`${name}-service-linked-role`, async () => {
    const { IAMClient, GetRoleCommand, CreateServiceLinkedRoleCommand } = await import("@aws-sdk/client-iam");
    const iam = new IAMClient(await awsClientOptions(aws.config, "iam"));
    try {
      await iam.send(new GetRoleCommand({ RoleName: roleName }));
      return;
    } catch (error) {
      if (!isNamed(error, "NoSuchEntityException")) throw explain(error);
    }
    try {
      await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: serviceName }));
      await new Promise((resolve) => setTimeout(resolve, settleMilliseconds));
    } catch (error) {
      // Another deployment may have made it in between.
      if (!(isNamed(error, "InvalidInputException") && /has been taken/.test(String(error))))
        throw explain(error);
    } finally {
      iam.destroy();
    }
  });
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function explain(error: unknown): Error {
  return new pulumi.RunError(
    `OpenSearch needs the role ${roleName} in the account, and it could not be looked up or made: ${String(error)}. ` +
      `Make it once by hand: aws iam create-service-linked-role --aws-service-name ${serviceName}`,
  );
}
