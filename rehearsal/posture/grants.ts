// Who may do what in AWS, statement by statement.

import { type Graph, input } from "../architecture/graph.ts";
import type { RecordedResource } from "../record.ts";
import { titleOf } from "../../project/urns.ts";
import { isRecord, strings, json } from "../../project/values.ts";

/** What a role may do by one statement, or by one policy of AWS's. */
export interface Grant {
  readonly role: string;
  /** What the role is for. */
  readonly about: string;
  /** Who takes the role. */
  readonly takenBy: string;
  readonly isDenied: boolean;
  /** Actions such as `logs:PutLogEvents`. */
  readonly actions: readonly string[];
  /** Instead of actions, in words: a policy of AWS's, nothing, or that it is not known yet. */
  readonly words?: string;
  /** The resources of the stack, ARNs of others, or `*`. */
  readonly on: readonly string[];
  /** JSON; absent where there is none. */
  readonly condition?: string;
}

const ROLE = "aws:iam/role:Role";

const listed = (value: unknown) =>
  (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined).map(String);

/** The statements of a document; undefined where only a deployment knows it. */
function statementsOf(document: unknown): Record<string, unknown>[] | undefined {
  const content = json(document);
  if (!isRecord(content)) return undefined;
  const { Statement: statements } = content;
  return (Array.isArray(statements) ? statements : [statements]).filter(isRecord);
}

function principalText(statement: Record<string, unknown>): string {
  return strings(statement["Principal"])
    .map(([, text]) => text)
    .join(", ");
}

/** What ARNs stand for: resources of the stack, the longest ARN first. */
function namesIn(resources: readonly RecordedResource[]): [arn: string, name: string][] {
  return resources
    .filter(({ custom }) => custom)
    .flatMap(({ type, name, id, outputs }): [string, string][] =>
      [id, outputs["arn"]].flatMap((text) =>
        typeof text === "string" && text.startsWith("arn:") ? [[text, titleOf({ type, name })]] : [],
      ),
    )
    .toSorted(([a], [b]) => b.length - a.length);
}

function resourceText(text: string, names: readonly [string, string][]): string {
  const [arn, name] = names.find(([known]) => text.startsWith(known)) ?? [];
  if (arn === undefined || name === undefined) return text;
  return `${name}${text === `${arn}:*` ? " and what is in it" : ""}`;
}

/** What each role of a stack may do. */
export function grantsOf(graph: Graph): Grant[] {
  const names = namesIn(graph.resources);
  return graph.all(ROLE).flatMap((role): Grant[] => {
    const of = (type: string) =>
      graph.all(type).filter((one) => graph.behind(one, "role", ROLE).includes(role));
    const documents = of("aws:iam/rolePolicy:RolePolicy").map(({ inputs }) => statementsOf(inputs["policy"]));
    const about = {
      role: role.name,
      about: input(role, "description"),
      takenBy: (statementsOf(role.inputs["assumeRolePolicy"]) ?? []).map(principalText).join(", "),
      isDenied: false,
      actions: [],
      on: [],
    } as const;
    const inWords = [
      ...(documents.includes(undefined) ? ["what is known after a deployment"] : []),
      ...of("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(
        (one) => `what ${input(one, "policyArn")} allows`,
      ),
    ];
    const statements = documents.flatMap((document) => document ?? []);
    const granted = [
      ...statements.map((statement): Grant => ({
        ...about,
        isDenied: statement["Effect"] === "Deny",
        actions: listed(statement["Action"]),
        on: listed(statement["Resource"]).map((text) => resourceText(text, names)),
        ...(statement["Condition"] === undefined
          ? {}
          : { condition: JSON.stringify(statement["Condition"]) }),
      })),
      ...inWords.map((words): Grant => ({ ...about, words })),
    ];
    return granted.length > 0 ? granted : [{ ...about, words: "nothing at all" }];
  });
}
