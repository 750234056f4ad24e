import { type AwsClientOptions, awsClientOptions } from "../../infra/aws/deploying/client-options.ts";
import type { AwsProviderConfig } from "../../infra/aws/deploying/provider-config.ts";

type Options = AwsClientOptions & { readonly maxAttempts: number };

/** What makes the client of each service. The SDK is loaded only where a service is asked. */
const makers = {
  acm: async (options: Options) => new (await import("@aws-sdk/client-acm")).ACM(options),
  cloudwatch: async (options: Options) =>
    new (await import("@aws-sdk/client-cloudwatch")).CloudWatch(options),
  ec2: async (options: Options) => new (await import("@aws-sdk/client-ec2")).EC2(options),
  ecr: async (options: Options) => new (await import("@aws-sdk/client-ecr")).ECR(options),
  ecs: async (options: Options) => new (await import("@aws-sdk/client-ecs")).ECS(options),
  elasticache: async (options: Options) =>
    new (await import("@aws-sdk/client-elasticache")).ElastiCache(options),
  elasticLoadBalancing: async (options: Options) =>
    new (await import("@aws-sdk/client-elastic-load-balancing-v2")).ElasticLoadBalancingV2(options),
  iam: async (options: Options) => new (await import("@aws-sdk/client-iam")).IAM(options),
  kms: async (options: Options) => new (await import("@aws-sdk/client-kms")).KMS(options),
  logs: async (options: Options) =>
    new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogs(options),
  opensearch: async (options: Options) =>
    new (await import("@aws-sdk/client-opensearch")).OpenSearch(options),
  rds: async (options: Options) => new (await import("@aws-sdk/client-rds")).RDS(options),
  route53: async (options: Options) => new (await import("@aws-sdk/client-route-53")).Route53(options),
  serviceQuotas: async (options: Options) =>
    new (await import("@aws-sdk/client-service-quotas")).ServiceQuotas(options),
  sns: async (options: Options) => new (await import("@aws-sdk/client-sns")).SNS(options),
  sts: async (options: Options) => new (await import("@aws-sdk/client-sts")).STS(options),
};

export type AwsService = keyof typeof makers;
export type AwsClients = { readonly [Service in AwsService]: Awaited<ReturnType<(typeof makers)[Service]>> };

/** How often a call is tried that AWS throttles or does not answer, and how long each time may take. Milliseconds. */
export interface Patience {
  readonly attempts: number;
  readonly timeout: number;
}

const once: Patience = { attempts: 1, timeout: 5_000 };

async function optionsFor(
  provider: AwsProviderConfig,
  service: Parameters<typeof awsClientOptions>[1],
  { attempts, timeout }: Patience,
): Promise<Options> {
  const { requestHandler, ...options } = await awsClientOptions(provider, service);
  return {
    ...options,
    maxAttempts: attempts,
    requestHandler: {
      ...requestHandler,
      connectionTimeout: timeout,
      requestTimeout: timeout,
      throwOnRequestTimeout: true,
    },
  };
}

/**
 * Clients that act as the provider does.
 * @param patience By default a call has five seconds, once.
 */
export async function awsClients<Service extends AwsService>(
  provider: AwsProviderConfig,
  services: readonly Service[],
  patience: Patience = once,
): Promise<Pick<AwsClients, Service>> {
  const made = services.map(async (service) => [
    service,
    await makers[service](await optionsFor(provider, service, patience)),
  ]);
  return Object.fromEntries(await Promise.all(made)) as Pick<AwsClients, Service>;
}

/** The region of the provider, which looks for it in the environment, too. */
export function regionOf({ region }: AwsProviderConfig): string {
  return region ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"] ?? "us-east-1";
}
