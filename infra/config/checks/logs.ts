import { type Check, when } from "../problem.ts";
import { mostLogDays, searchNodesProblem } from "../rules/search.ts";
import { entry, exampleEntry, toSet } from "../remedy.ts";

export const logs: Check = (choices, { stack }) => {
  const external = ["logsProvider", "logsUrl", "logsUser", "logsPassword"] as const;
  const domain = ["searchInstanceType", "searchInstanceCount", "searchVolumeGb", "searchMasterType"] as const;
  const nodesProblem = searchNodesProblem(
    choices.searchInstanceType,
    choices.searchInstanceCount,
    choices.searchVolumeGb,
    choices.searchZones,
    choices.searchMasterType,
  );
  const dataNodes = choices.target === "docker" ? 1 : choices.searchInstanceCount;
  return [
    ...external.flatMap((key) =>
      when(
        choices.logs === "external" && choices[key] === undefined,
        ["logs", key],
        `nango:logs = "external" needs nango:${key}.\n${toSet("For example", stack, exampleEntry(key))}`,
      ),
    ),
    ...when(
      choices.logs === "opensearch" && choices.logsRetentionDays > mostLogDays(dataNodes),
      ["logsRetentionDays", "logs", "searchInstanceCount", "size"],
      `nango:logsRetentionDays = ${choices.logsRetentionDays} is more than ${dataNodes === 1 ? "one data node has" : `${dataNodes} data nodes have`} shards for: after ${mostLogDays(dataNodes)} days OpenSearch would refuse new logs (https://docs.opensearch.org/latest/install-and-configure/configuring-opensearch/cluster-settings/).\n${toSet("Keep them for less", stack, entry("logsRetentionDays", String(mostLogDays(dataNodes))))}${choices.target === "docker" ? "" : `\n${toSet("Or take more nodes", stack, entry("searchInstanceCount", "2"))}`}`,
    ),
    ...(choices.logs !== "opensearch" || nodesProblem === undefined
      ? []
      : [
          {
            keys: [...domain, "availabilityZones", "size"] as const,
            message: `nango:logs = "opensearch": ${nodesProblem.what}.\n${toSet("For example", stack, entry(...nodesProblem.change))}`,
          },
        ]),
  ];
};
