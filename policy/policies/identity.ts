import { isRecord, UNKNOWN, json } from "../../project/values.ts";
import type { Policy, Resource, ResourcePolicy, Verdict } from "../policy.ts";
import { input, records, texts, violation } from "../reading.ts";

interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  /** What it says by what it is not about, such as `NotAction`. */
  readonly negations: readonly string[];
  /** Whether a condition says to what. */
  readonly namesResources: boolean;
  /** Whether a condition says who comes, or from where. */
  readonly namesCallers: boolean;
  /** Whether those who have logged in elsewhere are meant, such as at GitHub. */
  readonly isFederated: boolean;
}

/**
 * By which keys a condition makes somebody of anyone: those by which AWS tells what is public, and an organisation's.
 * aws:SecureTransport is none.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 * https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
 */
const namingCallers =
  /^(aws:(principal(arn|account|orgid|orgpaths|isawsservice|servicename.*|tag\/.+)|source(ip|arn|account|orgid|orgpaths|owner|vpc|vpcarn|vpce)|vpcsourceip|userid)|kms:(calleraccount|viaservice)|s3:dataaccesspoint(arn|account)|elasticfilesystem:accessedviamounttarget)$/i;

/** What a login elsewhere says of who comes, such as `accounts.google.com:aud` or `SAML:aud`. */
const claim = /^(saml:|[\w-]+(\.[\w-]+)+[^:]*:)/i;

/** With these everyone in the world logs in, and asks for whatever audience they like. */
const ofEverybody = /^(token\.actions\.githubusercontent\.com|gitlab\.com|app\.terraform\.io):aud$/i;

/** What leaves open who is meant. */
const open = /^(repo|project_path)?[:/*]*$|^(0\.0\.0\.0|::)\/0$/;

/**
 * The keys of a condition that must be there and hold, and whose values leave nothing open. `ForAllValues` holds without
 * the key. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function boundKeys(condition: unknown): string[] {
  if (!isRecord(condition)) return [];
  return Object.entries(condition)
    .filter(([operator, keys]) => !/^ForAllValues|Not|Null|IfExists$/.test(operator) && isRecord(keys))
    .flatMap(([, keys]) => Object.entries(keys as Record<string, unknown>))
    .filter(
      ([, values]) => ![values].flat().some((value) => open.test(String(value)) || isWideArn(String(value))),
    )
    .map(([key]) => key);
}

/** Whether a condition says who comes, or from where. */
const namesCallers = (condition: unknown) =>
  boundKeys(condition).some((key) => namingCallers.test(key) || (claim.test(key) && !ofEverybody.test(key)));

/**
 * Whether a condition says to what something is done: the keys of services do, and of those that hold for all of AWS the
 * ones about the resource. Who asks, how and when says nothing of that.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const namesResources = (condition: unknown) =>
  boundKeys(condition).some((key) => !/^aws:/i.test(key) || /^aws:(resource|requesttag)/i.test(key));

/** The statements of a policy document that allow something. */
function allowing(document: unknown): Statement[] {
  const parsed = json(document) ?? document;
  const given = isRecord(parsed) ? records(parsed["Statement"]) : [];
  return given
    .filter(({ Effect }) => Effect === "Allow")
    .map(({ Action, Resource, Principal, Condition, ...others }) => ({
      actions: texts(Action),
      resources: texts(Resource),
      principals: isRecord(Principal) ? Object.values(Principal).flatMap(texts) : texts(Principal),
      negations: Object.keys(others).filter((name) => name.startsWith("Not")),
      namesResources: namesResources(Condition),
      namesCallers: namesCallers(Condition),
      isFederated: isRecord(Principal) && Principal["Federated"] !== undefined,
    }));
}

/**
 * Actions that AWS knows no resources for, so that "*" is the only one that can be written: of those that containers and
 * schedulers need. https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const withoutResources: readonly string[] = [
  "cloudwatch:GetMetricData",
  "cloudwatch:ListMetrics",
  "cloudwatch:PutMetricData",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeTags",
  "ec2:DescribeVolumes",
  "ecr:GetAuthorizationToken",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** Services whose ARNs begin with the name of what they mean, and not with a word for its type: arn:aws:s3:::bucket/object. */
const beginningWithNames: readonly string[] = ["execute-api", "s3", "sns", "sqs"];

/** Whether an ARN leaves open which resource it means, whatever stands behind that: log-group:*:log-stream:* does. */
function isWide(resource: string): boolean {
  const [, service = "", named = resource] = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(.*)$/.exec(resource) ?? [];
  const parts = named.split(/[/:]/);
  const name = parts.length === 1 || beginningWithNames.includes(service) ? parts[0] : parts[1];
  return /^[*?]+$/.test(name ?? "") || /^[*?]+$/.test(named.replaceAll(/[/:]/g, ""));
}

const isWideArn = (text: string) => text.startsWith("arn:") && isWide(text);

function wildcards(document: unknown): string[] {
  return allowing(document).flatMap(({ actions, resources, negations, namesResources }) => {
    const wideActions = actions.filter((action) => /[*?]/.test(action));
    const bound = actions.filter((action) => !withoutResources.includes(action));
    const wideResources = bound.length > 0 && !namesResources ? resources.filter(isWide) : [];
    return [
      ...negations.map((name) => `allows whatever it does not name (${name})`),
      ...wideActions.map((action) => `allows the actions ${action}`),
      ...wideResources.map((resource) => `allows ${bound.join(", ")} on ${resource}`),
    ];
  });
}

/**
 * Policies of AWS's own name no resources: they fit every account. These are written for what a service or an agent does,
 * the others for people. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const managedForPrograms =
  /:aws:policy\/(service-role\/.*|CloudWatchAgentServerPolicy|AWSXRayDaemonWriteAccess|AmazonSSMManagedInstanceCore)$/;
const isTooWide = (arn: string) => /:aws:policy\//.test(arn) && !managedForPrograms.test(arn);

/** Where a type of resources says what an identity may do. */
const documents: Readonly<Record<string, (resource: Resource) => unknown[]>> = {
  "aws:iam/policy:Policy": ({ inputs }) => [inputs["policy"]],
  "aws:iam/rolePolicy:RolePolicy": ({ inputs }) => [inputs["policy"]],
  "aws:iam/groupPolicy:GroupPolicy": ({ inputs }) => [inputs["policy"]],
  "aws:iam/userPolicy:UserPolicy": ({ inputs }) => [inputs["policy"]],
  "aws:iam/role:Role": ({ inputs }) => records(inputs["inlinePolicies"]).map(({ policy }) => policy),
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": ({ inputs }) => [
    inputs["inlinePolicy"],
  ],
};

const attachments: readonly string[] = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
];

const leastPrivilege: ResourcePolicy = {
  name: "least-privilege",
  level: "mandatory",
  promise: "No role may do everything, or one thing to everything.",
  reason: "Whoever gets into the container that has the role may do all of it.",
  remedy:
    "Name the actions and the ARNs. Where AWS knows no resource for an action, relax the policy with that reason.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21",
  judge: (resource) => {
    const of = documents[resource.type]?.(resource) ?? [];
    const managed = attachments.includes(resource.type)
      ? [...texts(resource.inputs["policyArn"]), ...texts(resource.inputs["policyArns"])]
      : resource.type === "aws:iam/role:Role"
        ? texts(resource.inputs["managedPolicyArns"])
        : [];
    return [
      ...of.flatMap((document): Verdict[] =>
        document === UNKNOWN ? [{ unknown: "policy" }] : wildcards(document).map(violation),
      ),
      ...managed
        .filter(isTooWide)
        .map((arn) => violation(`is given ${arn.split("/").at(-1)}, which AWS wrote for every resource`)),
    ];
  },
};

/** Where a type of resources says who may use it. */
const resourcePolicies: Readonly<Record<string, readonly string[]>> = {
  "aws:iam/role:Role": ["assumeRolePolicy"],
  "aws:s3/bucketPolicy:BucketPolicy": ["policy"],
  "aws:s3/bucket:Bucket": ["policy"],
  "aws:s3/bucketV2:BucketV2": ["policy"],
  "aws:s3/accessPoint:AccessPoint": ["policy"],
  "aws:sqs/queue:Queue": ["policy"],
  "aws:sqs/queuePolicy:QueuePolicy": ["policy"],
  "aws:sns/topic:Topic": ["policy"],
  "aws:sns/topicPolicy:TopicPolicy": ["policy"],
  "aws:kms/key:Key": ["policy"],
  "aws:kms/keyPolicy:KeyPolicy": ["policy"],
  "aws:secretsmanager/secret:Secret": ["policy"],
  "aws:secretsmanager/secretPolicy:SecretPolicy": ["policy"],
  "aws:ecr/repositoryPolicy:RepositoryPolicy": ["policy"],
  "aws:ecr/registryPolicy:RegistryPolicy": ["policy"],
  "aws:efs/fileSystemPolicy:FileSystemPolicy": ["policy"],
  "aws:backup/vaultPolicy:VaultPolicy": ["policy"],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": ["policyDocument"],
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": ["policy"],
  "aws:opensearch/domainPolicy:DomainPolicy": ["accessPolicies"],
  "aws:apigateway/restApi:RestApi": ["policy"],
};

const namedPrincipals: ResourcePolicy = {
  name: "named-principals",
  level: "mandatory",
  promise: "No role can be taken, and no bucket, key, queue or secret be used, by just anyone.",
  reason: "Every AWS account, and sometimes everyone on the internet, counts as anyone.",
  remedy:
    "Name the accounts, roles or services, or add a condition that does, such as aws:SourceAccount, or the sub of a login elsewhere.",
  link: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous",
  judge: (resource) => {
    const of = resourcePolicies[resource.type] ?? [];
    const permission =
      resource.type === "aws:lambda/permission:Permission" &&
      input(resource, "principal") === "*" &&
      ["sourceAccount", "sourceArn", "principalOrgId"].every((name) => input(resource, name) === undefined)
        ? [violation("lets anyone call the function")]
        : [];
    return [
      ...permission,
      ...of.flatMap((property): Verdict[] => {
        const document = input(resource, property);
        if (document === UNKNOWN) return [{ unknown: property }];
        const anyone = allowing(document).filter(
          ({ principals, namesCallers, isFederated, negations }) =>
            (isFederated ||
              negations.includes("NotPrincipal") ||
              principals.some((principal) => /(^|:)\*$/.test(principal))) &&
            !namesCallers,
        );
        return anyone.map(({ actions }) => violation(`lets anyone ${actions.join(", ")}`));
      }),
    ];
  },
};

export const identity: readonly Policy[] = [leastPrivilege, namedPrincipals];
