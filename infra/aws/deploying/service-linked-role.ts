import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsCommand } from "../../config/aws-command.ts";
import { awsClientOptions } from "./client-options.ts";
import type { AwsProviderConfig } from "./provider-config.ts";

interface ServiceLinkedRole {
  /** What acts with the role, as it reads in messages. */
  readonly service: string;
  /** What IAM knows the service by. */
  readonly principal: string;
  readonly roleName: string;
}

/** Roles that a service does not make by itself, or makes too late for what is asked of it first. */
const roles = {
  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html */
  ecs: {
    service: "ECS",
    principal: "ecs.amazonaws.com",
    roleName: "AWSServiceRoleForECS",
  },
  /** https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr-aos.html */
  opensearch: {
    service: "OpenSearch",
    principal: "opensearchservice.amazonaws.com",
    roleName: "AWSServiceRoleForAmazonOpenSearchService",
  },
} satisfies Record<string, ServiceLinkedRole>;

/** A service whose role can be made. */
export type RoleOwner = keyof typeof roles;

/** How long a new role takes until its service sees it. */
const settleMilliseconds = 20_000;

/**
 * Makes the role with which a service acts in the account, where the account has none yet. The role belongs to the
 * account and not to this stack: it is no resource of Pulumi's, so that no stack deletes it under another one. It takes
 * no tags. For the `beforeCreate` of what needs it first.
 */
export function ensureServiceLinkedRole(name: string, owner: RoleOwner): pulumi.ResourceHook {
  return new pulumi.ResourceHook(`${name}-service-linked-role`, () =>
    createServiceLinkedRole(owner, aws.config, settleMilliseconds),
  );
}

/**
 * Looks the role up, and creates it when it is not there. Who may do neither goes on with a warning: somebody may have
 * made the role, and the service itself says when nobody has.
 * @param settle How long to wait after its creation, in milliseconds.
 * @throws pulumi.RunError that says how to make a role by hand that is certainly missing.
 */
export async function createServiceLinkedRole(
  owner: RoleOwner,
  provider: AwsProviderConfig,
  settle: number,
): Promise<void> {
  const role = roles[owner];
  const { IAM } = await import("@aws-sdk/client-iam");
  const iam = new IAM(await awsClientOptions(provider, "iam"));
  try {
    const found = await lookUp();
    if (found === "there") return;
    await create(found);
  } finally {
    iam.destroy();
  }

  async function lookUp(): Promise<"there" | "missing" | "unknown"> {
    try {
      await iam.getRole({ RoleName: role.roleName });
      return "there";
    } catch (error) {
      if (isNamed(error, "NoSuchEntityException")) return "missing";
      if (isDenied(error)) return "unknown";
      throw explained(role, error, provider);
    }
  }

  async function create(found: "missing" | "unknown"): Promise<void> {
    try {
      await iam.createServiceLinkedRole({ AWSServiceName: role.principal });
    } catch (error) {
      // It was there, or another deployment made it in between.
      if (isNamed(error, "InvalidInputException") && /has been taken/.test(String(error))) return;
      if (found === "missing" || !isDenied(error)) throw explained(role, error, provider);
      await pulumi.log.warn(
        `${role.service} needs the role ${role.roleName} in the account, and these credentials may neither look for it (iam:GetRole) nor make it (iam:CreateServiceLinkedRole). ` +
          `The deployment goes on as if it were there. If ${role.service} then refuses, have somebody make it once, and deploy again: ${byHand(role, provider)}`,
      );
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, settle));
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function isDenied(error: unknown): boolean {
  return isNamed(error, "AccessDenied") || isNamed(error, "AccessDeniedException");
}

function byHand({ principal }: ServiceLinkedRole, { profile }: AwsProviderConfig): string {
  const words = ["iam", "create-service-linked-role", "--aws-service-name", principal];
  return awsCommand(words, { region: undefined, profile });
}

function explained(role: ServiceLinkedRole, error: unknown, provider: AwsProviderConfig): pulumi.RunError {
  return new pulumi.RunError(
    `${role.service} needs the role ${role.roleName} in the account, and it could not be looked up or made (${String(error)}). ` +
      `Have somebody make it once, and deploy again: ${byHand(role, provider)}`,
  );
}
