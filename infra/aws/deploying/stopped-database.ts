import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsCommand } from "../../config/aws-command.ts";
import { awsClientOptions } from "./client-options.ts";
import { known } from "./known.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
const closed = ["stopped", "stopping", "starting"];

/**
 * Refuses a deployment that would migrate a database which a schedule has stopped.
 * @throws pulumi.RunError with the command that starts the database
 */
export async function refuseStopped(identifiers: readonly pulumi.Output<string>[]): Promise<void> {
  if (identifiers.length === 0) return;
  const { RDS } = await import("@aws-sdk/client-rds");
  const rds = new RDS(await awsClientOptions(aws.config, "rds"));
  try {
    for (const identifier of identifiers) {
      const name = await known(identifier);
      const { DBInstances = [] } = await rds.describeDBInstances({ DBInstanceIdentifier: name });
      const status = DBInstances[0]?.DBInstanceStatus ?? "unknown";
      if (closed.includes(status)) throw new pulumi.RunError(refusal(name, status));
    }
  } finally {
    rds.destroy();
  }
}

function refusal(name: string, status: string): string {
  const place = { region: aws.config.region ?? "<region>", profile: aws.config.profile };
  const command = awsCommand(["rds", "start-db-instance", "--db-instance-identifier", name], place);
  return [
    `The database ${name} is ${status} (nango:schedule), and a new version of Nango has to migrate it first. Nothing was changed.`,
    "Deploy within the hours of the schedule. Or start it, wait some minutes until it is available, and deploy again:",
    `    ${command}`,
    "It stops again at the end of the next day of the schedule.",
  ].join("\n");
}
