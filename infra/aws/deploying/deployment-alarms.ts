import { awsClientOptions } from "./client-options.ts";
import type { AwsProviderConfig } from "./provider-config.ts";

/** The alarms at which ECS takes a deployment back, and whether it heeds them. */
export interface DeploymentAlarms {
  readonly names: readonly string[];
  readonly enabled: boolean;
}

/** What a service is deployed by, besides its alarms. */
export const deploymentConfiguration = {
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  deploymentCircuitBreaker: { enable: true, rollback: true },
};

/** Of the service as the provider's lookup tells it what is about its alarms; a provider before line 7 tells nothing. */
export interface FoundAlarms {
  readonly deploymentConfigurations?: readonly {
    readonly alarms: readonly { readonly enable: boolean }[];
  }[];
}

/**
 * Whether a service heeds alarms that it should not, or does not heed those that it should. The provider cannot take
 * alarms away from a service, so that it is not asked to (see the service's `ignoreChanges`), and takes them for bound
 * when they come back.
 * https://github.com/hashicorp/terraform-provider-aws/blob/8f59f682cd9f38c42893cbeeddcc1953aed246b7/internal/service/ecs/service.go (resourceServiceUpdate)
 */
export function differ(
  wanted: DeploymentAlarms | undefined,
  { deploymentConfigurations }: FoundAlarms,
): boolean {
  const [configuration] = deploymentConfigurations ?? [];
  if (configuration === undefined) return false;
  return (configuration.alarms?.[0]?.enable ?? false) !== (wanted?.enabled ?? false);
}

/** Makes a service heed the alarms that it should, or none. ECS takes the configuration as a whole. */
export async function bindAlarms(
  provider: AwsProviderConfig,
  service: { readonly cluster: string; readonly service: string },
  wanted: DeploymentAlarms | undefined,
): Promise<void> {
  const { ECS } = await import("@aws-sdk/client-ecs");
  const ecs = new ECS(await awsClientOptions(provider, "ecs"));
  const enable = wanted?.enabled ?? false;
  await ecs.updateService({
    ...service,
    deploymentConfiguration: {
      ...deploymentConfiguration,
      alarms: { alarmNames: enable ? [...(wanted?.names ?? [])] : [], enable, rollback: enable },
    },
  });
}
