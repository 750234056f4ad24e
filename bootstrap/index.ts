// What a pipeline needs in an AWS account before it can deploy: docs/bootstrap.md.

// First: nothing may be registered before it.
import "../infra/error-stacks.ts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { readProject } from "../project/project.ts";
import { knownStacks } from "./known-stacks.ts";
import { type BootstrapConfig, parseConfiguration } from "./configuration.ts";
import { deployedStacks } from "./deployed.ts";
import { type Account, providerArn } from "./identity-provider.ts";
import { needsOf } from "./needs.ts";
import { pipelineOutputs } from "./outputs.ts";
import { SecretsKey } from "./secrets-key.ts";
import { StackRoles } from "./stack-roles.ts";
import { StateBucket } from "./state-bucket.ts";
import { issuersFor } from "./trust.ts";

const project = readProject(`${import.meta.dirname}/..`);
const config = readConfiguration();

/** Pulumi calls it. */
export default async function bootstrap() {
  const account = await findAccount();
  const deployed = deployedStacks();
  const [needs, issuers] = await Promise.all([
    Promise.all(config.stacks.map((stack) => needsOf(project, stack, account, deployed[stack] ?? []))),
    Promise.all(
      issuersFor(config).map(async (issuer) => ({
        ...issuer,
        providerArn: await providerArn(issuer, account),
      })),
    ),
  ]);

  const key = new SecretsKey("nango-secrets", account);
  const bucket = new StateBucket("nango-state", { keyArn: key.arn });
  const backend = { region: config.region, bucket: bucket.name, keyArn: key.arn, project: project.name };
  const roles = needs.map((one) => ({
    needs: one,
    arns: new StackRoles(`nango-ci-${one.stack}`, { needs: one, backend, issuers }).arns,
  }));

  return pipelineOutputs({ config, account, backend, roles });
}

function readConfiguration(): BootstrapConfig {
  try {
    return parseConfiguration(
      { stack: pulumi.getStack(), values: pulumi.runtime.allConfig() },
      knownStacks(project),
    );
  } catch (error) {
    throw error instanceof Error ? new pulumi.RunError(error.message) : error;
  }
}

async function findAccount(): Promise<Account> {
  try {
    const [{ accountId }, { partition }] = await Promise.all([aws.getCallerIdentity(), aws.getPartition()]);
    return { id: accountId, partition };
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}
