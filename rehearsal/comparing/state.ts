// What is deployed, as `pulumi stack export` tells it, and what today's program would make of it.

import type { Judgement } from "../../policy/judgement.ts";
import { type Project, readStackConfiguration } from "../../project/project.ts";
import { STACK_TYPE } from "../../project/urns.ts";
import { changesBetween } from "../changes.ts";
import { configurationOf } from "../configuration.ts";
import { maskedRehearsal } from "../mask.ts";
import type { RecordedResource, Rehearsal } from "../record.ts";
import { type Answers, judgementOf } from "../rehearse.ts";
import { followed, type Rehearsed, type Rehearsing, whole } from "./change.ts";
import { readExport } from "./export.ts";
import { deployedResource, withPlausibleSecrets } from "./state-resource.ts";

/** What the next deployment would make of a deployed stack. */
export async function againstState(
  { run, options }: Rehearsing,
  file: string,
  project: Project,
): Promise<Rehearsed> {
  const deployed = readExport(file, { project: project.name, stack: options.stack });
  // Secrets that the state has encrypted are stood in for, since the program computes with them.
  const pretended = await whole(run({ ...options, mode: "update" }));
  const resources = withPlausibleSecrets(deployed.map(deployedResource), pretended.resources);
  const answers = answersOf(resources);
  // Judged under today's configuration, of which the state has no word.
  const { stack, set = {}, secrets = {} } = options;
  const configuration = configurationOf(project, stack, readStackConfiguration(project, stack), {
    set,
    secrets,
  });
  const before = deploymentOf(resources, pretended, judgementOf(project, configuration, { resources }));
  const rehearsal = await followed({ run, options: { ...options, answers } }, before);
  const encrypted = resources.filter(({ encryptedInputs = [] }) => encryptedInputs.length > 0).length;
  return {
    rehearsal,
    before,
    comparison: {
      before: { title: "as deployed", rehearsal: maskedRehearsal(before) },
      after: { title: "after the next deployment", rehearsal: maskedRehearsal(rehearsal) },
      isDeployment: true,
      // Without anything before it a deployment is a first one, of which no changes are recorded.
      changes: resources.length === 0 ? changesBetween(before, rehearsal) : rehearsal.changes,
      keys: [],
      remarks: [
        "Deployed is what the state says; whether it is still so in the cloud, npm run preview -- --refresh asks.",
        ...(encrypted === 0
          ? []
          : [
              `${encrypted} ${encrypted === 1 ? "resource has" : "resources have"} inputs that ${file} has encrypted, or that follow from what it has encrypted: these count as unchanged. An export with --show-secrets compares them, too, and is as secret as they are.`,
            ]),
      ],
    },
  };
}

/** The state as a rehearsal, so that it is shown like one. */
function deploymentOf(
  resources: readonly RecordedResource[],
  like: Rehearsal,
  policies: Judgement,
): Rehearsal {
  const { outputs = {}, secretOutputs = [] } = resources.find(({ type }) => type === STACK_TYPE) ?? {};
  return {
    ...like,
    resources,
    outputs,
    secretOutputs,
    messages: [],
    findings: [],
    policies,
    invokes: [],
    hookRuns: [],
  };
}

/** What AWS would answer where the stack is deployed: its account, and the hosted zone of its records. */
function answersOf(resources: readonly RecordedResource[]): Answers {
  const arns = resources.flatMap(({ outputs }) =>
    typeof outputs["arn"] === "string" ? [outputs["arn"]] : [],
  );
  const account = arns
    .map((arn) => /^arn:[^:]+:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1])
    .find((id) => id !== undefined);
  const zoneId = resources
    .filter(({ type }) => type === "aws:route53/record:Record")
    .map(({ inputs }) => inputs["zoneId"])
    .find((id) => typeof id === "string");
  return {
    ...(account === undefined
      ? {}
      : {
          "aws:index/getCallerIdentity:getCallerIdentity": () => ({
            id: account,
            accountId: account,
            arn: `arn:aws:iam::${account}:user/rehearsal`,
            userId: "AIDAREHEARSAL",
          }),
        }),
    ...(zoneId === undefined
      ? {}
      : {
          "aws:route53/getZone:getZone": ({ inputs }) => ({
            ...inputs,
            id: zoneId,
            zoneId,
            arn: `arn:aws:route53:::hostedzone/${zoneId}`,
            nameServers: [],
          }),
        }),
  };
}
