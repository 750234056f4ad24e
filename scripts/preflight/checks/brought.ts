import { strings } from "../../../project/values.ts";
import { publishersTo, topicPermissions, topicProblem, topicRemedy } from "../../aws/topic.ts";
import { bad, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import type { AwsCheck, Subject } from "../subject.ts";
import { unasked } from "../unasked.ts";

/** Something of the account's that the stack is given. */
interface Brought {
  readonly arn: string;
  readonly region: string;
  readonly account: string;
  /** The resource and the input that names it. */
  readonly by: string;
}

/** What follows "is there, but". */
interface Problem {
  readonly says: string;
  /** Whether it may be in order, and these credentials may not look. */
  readonly unseen?: boolean;
}

/** What is looked up, by the ARN that names it; what is wrong with it is answered. */
interface Kind {
  readonly pattern: RegExp;
  readonly called: string;
  readonly permissions: readonly string[];
  /** Whether it has to be in the stack's region. */
  readonly regional: boolean;
  /** What to do about a problem, where another one would not do. */
  readonly remedy?: string;
  readonly problem: (brought: Brought, subject: Subject) => Promise<Problem | undefined>;
}

const kinds: readonly Kind[] = [
  {
    pattern: /^arn:[^:]+:kms:[^:]+:\d{12}:(key|alias)\//,
    called: "KMS key",
    permissions: ["kms:DescribeKey"],
    regional: true,
    async problem({ arn }, { aws: { kms } }) {
      const { KeyMetadata } = await kms.describeKey({ KeyId: arn });
      return KeyMetadata?.Enabled === false ? { says: `its state is ${KeyMetadata.KeyState}` } : undefined;
    },
  },
  {
    pattern: /^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/,
    called: "topic",
    permissions: topicPermissions,
    regional: true,
    remedy: topicRemedy,
    async problem({ arn }, { aws, plan, caller: { account } }) {
      return topicProblem({ topic: arn, publishers: publishersTo(arn, plan.resources), account }, aws);
    },
  },
  {
    pattern: /^arn:[^:]+:iam::\d{12}:role\//,
    called: "role",
    permissions: ["iam:GetRole"],
    regional: false,
    async problem({ arn }, { aws: { iam } }) {
      await iam.getRole({ RoleName: arn.split("/").at(-1) });
      return undefined;
    },
  },
  {
    pattern: /^arn:[^:]+:iam::\d{12}:policy\//,
    called: "policy",
    permissions: ["iam:GetPolicy"],
    regional: false,
    async problem({ arn }, { aws: { iam } }) {
      await iam.getPolicy({ PolicyArn: arn });
      return undefined;
    },
  },
];

/** The ARNs among the inputs of the stack that none of its own resources has. */
function broughtBy(subject: Subject): (Brought & { readonly kind: Kind })[] {
  const { plan } = subject;
  // What a resource is given as `arn` is another one's, such as the target of a rule.
  const own = new Set(
    plan.resources.flatMap(({ inputs, outputs, id }) => [inputs["arn"] === undefined && outputs["arn"], id]),
  );
  const found = plan.resources.flatMap((resource) =>
    strings(resource.inputs).flatMap(([path, given]) => {
      const { name } = resource;
      const kind = kinds.find(({ pattern }) => pattern.test(given) && !given.includes("*"));
      if (kind === undefined || own.has(given)) return [];
      const [, , , region = "", account = ""] = given.split(":");
      return [{ arn: given, region, account, by: `${name}.${path}`, kind }];
    }),
  );
  return [...new Map(found.map((one) => [one.arn, one])).values()];
}

export const brought: AwsCheck = {
  id: "brought",
  title: "What is brought",
  permissions: kinds.flatMap(({ permissions }) => permissions),
  async run(subject): Promise<Outcome | Outcome[]> {
    const all = broughtBy(subject);
    if (all.length === 0) return skipped("the stack is given no key, role, policy or topic");
    return Promise.all(all.map(async (one) => ({ ...(await look(one, subject)), about: one.arn })));
  },
};

async function look(one: Brought & { readonly kind: Kind }, subject: Subject): Promise<Outcome> {
  const { kind, region, by } = one;
  const remedy = `${by} names it: name a ${kind.called} that there is, in the stack's file or in infra/customize.ts`;
  if (kind.regional && region !== subject.region)
    return bad(`the ${kind.called} is in ${region}, and the stack in ${subject.region}`, remedy);
  try {
    const problem = await kind.problem(one, subject);
    if (problem === undefined) return good(`the ${kind.called} is there`);
    const { says, unseen = false } = problem;
    return (unseen ? warning : bad)(`the ${kind.called} is there, but ${says}`, kind.remedy ?? remedy);
  } catch (error) {
    if (!/NotFound|NoSuchEntity/.test((error as Error).name)) return unasked(error, kind);
    return bad(`there is no such ${kind.called}`, remedy);
  }
}
