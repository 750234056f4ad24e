import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsCommand } from "../infra/config/aws-command.ts";
import type { Issuer } from "./trust.ts";

/** Tells a provider that a bootstrap stack made from one that was there: an account has one of each issuer only. */
const tag = "nango-bootstrap";

/** What IAM has of an issuer. */
type Found = "ours" | "of others" | undefined;

/**
 * The ARN of IAM's provider of an issuer's tokens: the one that is there, or one that this stack makes and keeps. A
 * provider that the account has lost is made anew by the next deployment.
 * @throws pulumi.RunError for one of others that does not let the pipeline in, and where it cannot be seen.
 *
 * It holds no thumbprints: AWS checks the certificates of these issuers with its own list of authorities.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
 */
export async function providerArn(
  { kind, host, audience }: Issuer,
  account: Account,
  lookUp: typeof aws.iam.getOpenIdConnectProvider = aws.iam.getOpenIdConnectProvider,
): Promise<pulumi.Output<string>> {
  const url = `https://${host}`;
  const arn = `arn:${account.partition}:iam::${account.id}:oidc-provider/${host}`;
  const { found, audiences } = await whatIsThere(arn, url, lookUp);
  if (found === "of others") {
    if (!audiences.includes(audience)) {
      throw new pulumi.RunError(
        `The account has a provider for ${url} already, ${arn}, which lets in tokens for ${audiences.join(", ") || "nobody"} only. ` +
          `Let it take those of this pipeline as well: ${addAudience(arn, audience)}`,
      );
    }
    void pulumi.log.info(
      `The account has a provider for ${url} already, which is used and left as it is: ${arn}`,
    );
    return pulumi.output(arn);
  }
  const provider = new aws.iam.OpenIdConnectProvider(
    `nango-${kind}`,
    { url, clientIdLists: [audience], tags: { [tag]: pulumi.getStack() } },
    // Roles of others may have come to rely on it.
    { retainOnDelete: true },
  );
  return provider.arn;
}

function addAudience(arn: string, audience: string): string {
  const words = ["--open-id-connect-provider-arn", arn, "--client-id", audience];
  const place = { region: undefined, profile: aws.config.profile };
  return awsCommand(["iam", "add-client-id-to-open-id-connect-provider", ...words], place);
}

/** The account, and the part of AWS that it is in. */
export interface Account {
  readonly id: string;
  readonly partition: string;
}

async function whatIsThere(
  arn: string,
  url: string,
  lookUp: typeof aws.iam.getOpenIdConnectProvider,
): Promise<{ found: Found; audiences: readonly string[] }> {
  try {
    const { tags, clientIdLists } = await lookUp({ arn });
    return { found: tags[tag] === pulumi.getStack() ? "ours" : "of others", audiences: clientIdLists };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/NoSuchEntity|not found|couldn't find/i.test(message)) return { found: undefined, audiences: [] };
    throw new pulumi.RunError(`Whether the account has a provider for ${url} cannot be seen: ${message}`);
  }
}
