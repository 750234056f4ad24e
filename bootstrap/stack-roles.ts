import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { backendGrants, keyGrants } from "../scripts/permissions/backend.ts";
import { look, run } from "../scripts/permissions/grant.ts";
import { arn } from "../scripts/permissions/place.ts";
import { policyOf } from "../scripts/permissions/policy.ts";
import { path, roleName } from "./names.ts";
import type { Needs } from "./needs.ts";
import { secretsProvider } from "./secrets-key.ts";
import { type Issuer, type Purpose, purposes, trustPolicy } from "./trust.ts";

/** Where the states lie, and with which key. */
export interface Backend {
  readonly region: string;
  readonly bucket: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  /** The name of the project whose stacks these are. */
  readonly project: string;
}

interface StackRolesArgs {
  readonly needs: Needs;
  readonly backend: Backend;
  readonly issuers: readonly (Issuer & { readonly providerArn: pulumi.Output<string> })[];
}

/** The longest that a job may have a role: RDS can keep a deployment waiting for hours. */
const sessionSeconds: Readonly<Record<Purpose, number>> = { preview: 3600, deploy: 10_800, drift: 3600 };

/** The roles with which a pipeline previews, deploys and watches a stack, and what bounds the roles that the stack makes. */
export class StackRoles extends pulumi.ComponentResource {
  /** ARNs by purpose. */
  readonly arns: Readonly<Record<Purpose, pulumi.Output<string>>>;

  constructor(name: string, args: StackRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:bootstrap:StackRoles", name, {}, opts);
    this.boundary(name, args.needs);
    const [preview, deploy, drift] = purposes.map((purpose) =>
      this.role(`${name}-${purpose}`, purpose, args),
    );
    this.arns = { preview: preview!, deploy: deploy!, drift: drift! };
    this.registerOutputs(this.arns);
  }

  private boundary(name: string, { stack, boundary }: Needs): void {
    if (boundary.policy === undefined) return;
    new aws.iam.Policy(
      `${name}-boundary`,
      {
        name: `nango-ci-${stack}-boundary`,
        path,
        description: `The most that the roles of Nango's stack ${stack} may do`,
        policy: JSON.stringify(boundary.policy),
      },
      // A role that is bound to a policy which is gone may do nothing.
      { parent: this, retainOnDelete: true },
    );
  }

  private role(
    name: string,
    purpose: Purpose,
    { needs, backend, issuers }: StackRolesArgs,
  ): pulumi.Output<string> {
    const { stack } = needs;
    const parent = { parent: this };
    const role = new aws.iam.Role(
      name,
      {
        name: roleName(stack, purpose),
        path,
        description: `Jobs that ${does[purpose]} Nango's stack ${stack}`,
        maxSessionDuration: sessionSeconds[purpose],
        assumeRolePolicy: pulumi.all(issuers.map(({ providerArn }) => providerArn)).apply((arns) =>
          JSON.stringify(
            trustPolicy(
              issuers.map(({ conditions }, index) => ({
                providerArn: arns[index] ?? "",
                conditions: conditions(purpose, stack),
              })),
            ),
          ),
        ),
        tags: { Name: name },
      },
      parent,
    );
    for (const [index, policy] of needs[purpose === "deploy" ? "deploy" : "preview"].entries()) {
      const part = `${name}-${index + 1}`;
      const managed = new aws.iam.Policy(
        part,
        {
          name: `${roleName(stack, purpose)}-${index + 1}`,
          path,
          description: `What it takes to ${does[purpose]} Nango's stack ${stack}, part ${index + 1}`,
          policy: JSON.stringify(policy),
        },
        parent,
      );
      new aws.iam.RolePolicyAttachment(part, { role: role.name, policyArn: managed.arn }, parent);
    }
    new aws.iam.RolePolicy(
      `${name}-state`,
      { role: role.name, policy: statePolicy(purpose, needs, backend) },
      parent,
    );
    return role.arn;
  }
}

const does: Readonly<Record<Purpose, string>> = { preview: "preview", deploy: "deploy", drift: "watch" };

/** The state with its key, and a look at the role itself, by which a job sees beforehand whether it lacks something. */
function statePolicy(purpose: Purpose, { stack, place }: Needs, backend: Backend): pulumi.Output<string> {
  const { region, project } = backend;
  return pulumi.all([backend.bucket, backend.keyArn]).apply(([bucket, keyArn]) => {
    const there = { ...place, region };
    const throughS3 = {
      when: {
        StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
        StringLike: { "kms:EncryptionContext:aws:s3:arn": `arn:*:s3:::${bucket}*` },
      },
    };
    const grants = [
      ...backendGrants(there, `s3://${bucket}`, { project, stack }),
      ...keyGrants(there, secretsProvider(keyArn, region, stack)),
      look("kms:Decrypt", [keyArn], throughS3),
      run("kms:GenerateDataKey", [keyArn], throughS3),
      look("iam:ListAttachedRolePolicies", [
        arn(place, "iam", `role${path}${roleName(stack, purpose)}`, false),
      ]),
      look("iam:GetPolicy GetPolicyVersion", [
        arn(place, "iam", `policy${path}${roleName(stack, purpose)}-*`, false),
      ]),
    ];
    return JSON.stringify(policyOf(grants, purpose === "deploy" ? "deploy" : "preview"));
  });
}
