import type { ECSClientConfig } from "@aws-sdk/client-ecs";
import { awsCredentials, type Credentials, endpointOf } from "./credentials.ts";
import { throughProxy } from "./outgoing-proxy.ts";
import type { AwsProviderConfig } from "./provider-config.ts";

/** What a client of the AWS SDK needs to act as the provider does. An absent region is left to the SDK's own search. */
export interface AwsClientOptions {
  readonly region?: string;
  readonly credentials: Credentials;
  readonly endpoint?: string;
  readonly useDualstackEndpoint?: boolean;
  readonly useFipsEndpoint?: boolean;
  readonly requestHandler?: NonNullable<ECSClientConfig["requestHandler"]>;
}

/** What the provider calls the services, for which it may know several names. */
const endpointNames = {
  acm: ["acm"],
  cloudwatch: ["cloudwatch"],
  ec2: ["ec2"],
  ecr: ["ecr"],
  ecs: ["ecs"],
  elasticache: ["elasticache"],
  elasticLoadBalancing: ["elbv2", "elasticloadbalancingv2"],
  iam: ["iam"],
  kms: ["kms"],
  logs: ["logs", "cloudwatchlogs", "cloudwatchlog"],
  opensearch: ["opensearch", "opensearchservice"],
  rds: ["rds"],
  route53: ["route53"],
  serviceQuotas: ["servicequotas"],
  sns: ["sns"],
  sts: ["sts"],
};

/** The options with which a client of `service` reaches the same account and endpoint as the provider. */
export async function awsClientOptions(
  provider: AwsProviderConfig,
  service: keyof typeof endpointNames,
): Promise<AwsClientOptions> {
  const { region, useDualstackEndpoint, useFipsEndpoint } = provider;
  const endpoint = endpointOf(provider, endpointNames[service]);
  return {
    ...(await throughProxy()),
    credentials: await awsCredentials(provider),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(useDualstackEndpoint !== undefined && { useDualstackEndpoint }),
    ...(useFipsEndpoint !== undefined && { useFipsEndpoint }),
  };
}
