import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { awsClientOptions } from "../deploying/client-options.ts";
import type { AwsProviderConfig } from "../deploying/provider-config.ts";
import type { Clock } from "../deploying/one-off-task/clock.ts";

const pollIntervalMilliseconds = 15_000;
/** A task that runs is healthy within two minutes, and an alarm is green three minutes after that. */
const patienceMilliseconds = 10 * 60_000;

/** What answers which of the alarms are red. */
export type Ask = () => Promise<readonly string[]>;

/**
 * Waits until none of the alarms is red. In a first deployment there are no targets for as long as the database is made,
 * and some alarms are red for some minutes after the first one is there: whoever is told of alarms from then on hears of
 * nothing that was not to be expected. Alarms that stay red are told.
 * @param log Gets a line when it waits.
 */
export async function untilQuiet(ask: Ask, log: (line: string) => void, clock: Clock): Promise<void> {
  const start = clock.now();
  let said = false;
  while (clock.now() - start < patienceMilliseconds) {
    const red = await ask().catch((error: unknown) => {
      log(`CloudWatch does not say whether alarms are red: ${(error as Error).message}`);
      return [];
    });
    if (red.length === 0) return;
    if (!said)
      log(`Alarms that a start brings turn green, and then their notification is made: ${red.join(", ")}`);
    said = true;
    await clock.sleep(pollIntervalMilliseconds);
  }
}

/** Asks CloudWatch, as the provider would. */
export function askCloudWatch(provider: AwsProviderConfig, names: readonly string[]): Ask {
  let connected: Promise<CloudWatch> | undefined;
  return async () => {
    connected ??= connect(provider);
    const { MetricAlarms = [] } = await (await connected).describeAlarms({ AlarmNames: [...names] });
    return MetricAlarms.filter(({ StateValue }) => StateValue === "ALARM").map(
      ({ AlarmName = "" }) => AlarmName,
    );
  };
}

async function connect(provider: AwsProviderConfig): Promise<CloudWatch> {
  const { CloudWatch } = await import("@aws-sdk/client-cloudwatch");
  return new CloudWatch(await awsClientOptions(provider, "cloudwatch"));
}
