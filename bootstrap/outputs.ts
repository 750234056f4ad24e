import * as pulumi from "@pulumi/pulumi";
import type { BootstrapConfig } from "./configuration.ts";
import type { Account } from "./identity-provider.ts";
import type { Needs } from "./needs.ts";
import { secretsProvider } from "./secrets-key.ts";
import type { Backend } from "./stack-roles.ts";
import { type Purpose } from "./trust.ts";

/** What the jobs of a stack have to know: nothing of it is secret. */
export interface StackInPipeline {
  readonly account: string;
  readonly region: string;
  /** The environment on GitHub whose jobs deploy. */
  readonly environment: string;
  /** For `PULUMI_BACKEND_URL`. */
  readonly backend: string;
  /** For `pulumi stack init` and `pulumi stack change-secrets-provider`. */
  readonly secretsProvider: string;
  /** For `nango:permissionsBoundaryArn`. */
  readonly permissionsBoundary: string;
  /** Whether jobs of pull requests may preview it. */
  readonly pullRequests: boolean;
  /** ARNs by what a job does. */
  readonly roles: Readonly<Record<Purpose, string>>;
}

/** The outputs of a bootstrap stack. */
export interface BootstrapOutputs {
  /** The URL of the state backend, as `pulumi login` takes it. */
  readonly backend: string;
  /** The key of KMS for secrets and states. */
  readonly secretsKeyArn: string;
  /** For the variable `NANGO_PIPELINE`: what jobs have to know, by stack, in the order of deployment. */
  readonly pipeline: Readonly<Record<string, StackInPipeline>>;
}

/** The URL of a bucket as a backend. */
function backendUrl(bucket: string, region: string): string {
  return `s3://${bucket}?region=${region}`;
}

export function pipelineOutputs(made: {
  readonly config: BootstrapConfig;
  readonly account: Account;
  readonly backend: Backend;
  readonly roles: readonly {
    readonly needs: Needs;
    readonly arns: Readonly<Record<Purpose, pulumi.Output<string>>>;
  }[];
}): { readonly [Name in keyof BootstrapOutputs]: pulumi.Output<BootstrapOutputs[Name]> } {
  const { config, account, backend } = made;
  const url = backend.bucket.apply((bucket) => backendUrl(bucket, backend.region));
  const stacks = made.roles.map(({ needs: { stack, region, boundary }, arns }) =>
    pulumi
      .all([url, backend.keyArn, arns.preview, arns.deploy, arns.drift])
      .apply(([backendOfStack, keyArn, preview, deploy, drift]): [string, StackInPipeline] => [
        stack,
        {
          account: account.id,
          region,
          environment: stack,
          backend: backendOfStack,
          secretsProvider: secretsProvider(keyArn, backend.region, stack),
          permissionsBoundary: boundary.arn,
          pullRequests: config.pullRequests.includes(stack),
          roles: { preview, deploy, drift },
        },
      ]),
  );
  return {
    backend: url,
    secretsKeyArn: backend.keyArn,
    pipeline: pulumi.all(stacks).apply((entries) => Object.fromEntries(entries)),
  };
}
