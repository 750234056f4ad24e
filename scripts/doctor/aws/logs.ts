import { logStreamPrefix } from "../../../infra/aws/service/log-streams.ts";
import { bad, type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import type { Deployment } from "./deployment.ts";

const permissions = ["logs:DescribeLogStreams", "logs:GetLogEvents"];

/** What a container of the last one-off task printed; undefined where its log is not among the newest. */
async function lastLog(
  { clients, logGroup }: Deployment,
  container: string,
): Promise<readonly string[] | undefined> {
  if (logGroup === undefined) return undefined;
  const { logStreams = [] } = await clients.logs.describeLogStreams({
    logGroupName: logGroup,
    orderBy: "LastEventTime",
    descending: true,
  });
  const prefix = `${logStreamPrefix}/${container}/`;
  const name = logStreams
    .map(({ logStreamName = "" }) => logStreamName)
    .find((one) => one.startsWith(prefix));
  if (name === undefined) return undefined;
  const { events = [] } = await clients.logs.getLogEvents({
    logGroupName: logGroup,
    logStreamName: name,
    limit: 200,
  });
  return events.map(({ message = "" }) => message.trimEnd());
}

const tooOld = "no log of it is among the 50 newest; the next deployment writes one";

export const migration: Check<Deployment> = {
  id: "migration",
  title: "Migration",
  permissions,
  async run(deployment): Promise<Outcome> {
    const lines = await lastLog(deployment, "migrate");
    if (lines === undefined) return skipped(tooOld);
    const ours = lines.filter((line) => line.startsWith("nango-migrate: "));
    const last = ours.at(-1)?.replace("nango-migrate: ", "") ?? "nothing";
    if (last === "done") return good("the last one went to its end, and left no lock");
    if (lines.some((line) => /migration lock is held after|left a migration lock/.test(line)))
      return bad(
        `a migration left its lock in the database: ${last}`,
        "if none runs any more, set nango:clearMigrationLock for one deployment: docs/troubleshoot.md",
      );
    return warning(
      `the last one did not say that it is done, but: ${last}`,
      `if none is under way: npm run up -- ${deployment.stack}`,
    );
  },
};

export const retention: Check<Deployment> = {
  id: "log-retention",
  title: "Log retention",
  permissions,
  async run(deployment): Promise<Outcome> {
    if (!deployment.hasLogsStore) return skipped("the dashboard's logs are kept nowhere (nango:logs)");
    const lines = await lastLog(deployment, "logs-store");
    if (lines === undefined) return skipped(tooOld);
    const warnings = lines.flatMap((line) => /^nango-logs-store: warning: (.*)$/.exec(line)?.[1] ?? []);
    if (warnings.length > 0)
      return bad(
        warnings.join("; "),
        "docs/operate.md, Logs in the dashboard, says what the user needs; then deploy",
      );
    const policy = lines.flatMap((line) => /^nango-logs-store: (policy .*)$/.exec(line)?.[1] ?? []).at(-1);
    return policy === undefined
      ? warning("the last deployment did not speak of a policy", "deploy again, and read its log")
      : good(policy);
  },
};
