import { json, UNKNOWN } from "../../project/values.ts";
import type { Finding } from "../record.ts";
import type { Rule } from "./plan.ts";

/** The inputs that are a map as JSON, by type. */
const MAPS: Readonly<Record<string, readonly string[]>> = {
  "aws:iam/role:Role": ["assumeRolePolicy"],
  "aws:iam/rolePolicy:RolePolicy": ["policy"],
  "aws:iam/policy:Policy": ["policy"],
  "aws:s3/bucketPolicy:BucketPolicy": ["policy"],
  "aws:kms/key:Key": ["policy"],
  "aws:sns/topicPolicy:TopicPolicy": ["policy"],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ["policy"],
  "aws:opensearch/domain:Domain": ["accessPolicies"],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": ["policyDocument"],
  "aws:cloudwatch/eventRule:EventRule": ["eventPattern"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboardBody"],
};

const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

const SOURCES = {
  map: "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/verify/validate.go",
  list: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html",
} as const;

/** The provider reads such a text before AWS does, and refuses what is no JSON. */
export const documentsAreJson: Rule = ({ resources }) =>
  resources.flatMap(({ urn, type, inputs }): Finding[] => {
    const documents = type === TASK_DEFINITION ? ["containerDefinitions"] : (MAPS[type] ?? []);
    const kind = type === TASK_DEFINITION ? "list" : "map";
    return documents
      .filter((property) => {
        const text = inputs[property];
        const content = json(text);
        if (text === undefined || text === UNKNOWN) return false;
        return content === undefined || Array.isArray(content) !== (kind === "list");
      })
      .map((property) => ({
        urn,
        property,
        message: `the provider refuses what is not a ${kind} as JSON: see what infra/customize.ts makes of it. ${SOURCES[kind]}`,
      }));
  });
