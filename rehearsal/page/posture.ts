// Who gets in, who may do what, and what is kept how.

import { everyone, portsOf, rangeOf } from "../architecture/aws.ts";
import { Graph, input } from "../architecture/graph.ts";
import type { Comparison } from "../comparison.ts";
import type { RecordedResource, Rehearsal } from "../record.ts";
import { isRecord, strings } from "../../project/values.ts";
import { policyBook } from "../../policy/judgement.ts";
import { nameOf, shortType, typeOf } from "../../project/urns.ts";
import { badge, type Cell, type Section, type Table, table } from "./section.ts";
import { type Html, html } from "./html.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";

/** What is open, the widest first: rules of security groups, or ports that a Docker engine publishes. */
function openPorts(graph: Graph): Table {
  const rules = graph.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((rule) => {
    const [to] = graph.behind(rule, "securityGroupId", GROUP);
    const [from] = graph.behind(rule, "referencedSecurityGroupId", GROUP);
    const range = rangeOf(rule);
    const open = everyone.includes(range);
    const who = from === undefined ? range : `security group ${from.name}`;
    const source = open ? html`${badge("any address", "warn")} ${range}` : html`${who}`;
    return {
      open,
      row: [
        portsOf(rule),
        source,
        html`security group ${to?.name ?? input(rule, "securityGroupId")}`,
        rule.name,
      ],
    };
  });
  const published = graph.all("docker:index/container:Container").flatMap((container) =>
    (Array.isArray(container.inputs["ports"]) ? container.inputs["ports"] : [])
      .filter(isRecord)
      .map((port) => {
        const open = port["ip"] !== "127.0.0.1";
        const source = open ? html`${badge("the network", "warn")}` : html`this machine`;
        return {
          open,
          row: [
            String(port["external"]),
            source,
            html`container ${container.name}`,
            `port ${String(port["internal"])}`,
          ],
        };
      }),
  );
  const all = [...rules, ...published].toSorted((a, b) => Number(b.open) - Number(a.open));
  return {
    caption: "Open ports",
    head: ["port", "from", "to", "by"],
    rows: all.map(({ row }) => row),
  };
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined).map(String);
}

/** What ARNs and IDs stand for: resources of the stack, by what identifies them. */
function namesIn(resources: readonly RecordedResource[]): [text: string, name: string][] {
  return resources
    .filter(({ custom }) => custom)
    .flatMap(({ type, name, id, outputs }): [string, string][] =>
      [id, outputs["arn"]].flatMap((text) =>
        typeof text === "string" && text.startsWith("arn:") ? [[text, `${shortType(type)} ${name}`]] : [],
      ),
    )
    .toSorted(([a], [b]) => b.length - a.length);
}

function resourceText(text: string, names: readonly [string, string][]): Html {
  if (text === "*") return badge("any resource", "warn");
  const [arn, name] = names.find(([known]) => text.startsWith(known)) ?? [];
  return arn === undefined
    ? html`<code>${text}</code>`
    : html`${name}${text === `${arn}:*` ? " and what is in it" : ""}`;
}

/** Actions by the service that they belong to: `logs: PutLogEvents, CreateLogStream`. */
function actionsText(actions: readonly string[]): Html {
  const services = [...new Set(actions.map((action) => action.split(":")[0] ?? ""))];
  return html`${services.map((service) => {
    const own = actions
      .filter((action) => action.startsWith(`${service}:`))
      .map((action) => action.slice(service.length + 1));
    return html`<span class="action"><strong>${service}</strong> ${own.join(", ")}</span>`;
  })}`;
}

function statementsOf(policy: unknown): Record<string, unknown>[] {
  if (typeof policy !== "string" || !policy.startsWith("{")) return [];
  const { Statement: statements } = JSON.parse(policy) as { Statement?: unknown };
  return (Array.isArray(statements) ? statements : [statements]).filter(isRecord);
}

function principalText(statement: Record<string, unknown>): string {
  return strings(statement["Principal"])
    .map(([, text]) => text)
    .join(", ");
}

/** Each statement of a role's policies, in words. */
function identities(graph: Graph): Table {
  const names = namesIn(graph.resources);
  const ROLE = "aws:iam/role:Role";
  const rows = graph.all(ROLE).flatMap((role) => {
    const who = statementsOf(role.inputs["assumeRolePolicy"]).map(principalText).join(", ");
    const attached = graph
      .all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .filter((one) => graph.behind(one, "role", ROLE).includes(role));
    const statements = graph
      .all("aws:iam/rolePolicy:RolePolicy")
      .filter((policy) => graph.behind(policy, "role", ROLE).includes(role))
      .flatMap((policy) => statementsOf(policy.inputs["policy"]));
    const title = html`${role.name} <span class="faint">${input(role, "description")}</span>`;
    const granted = [
      ...statements.map((statement): Html[] => [
        html`${statement["Effect"] === "Deny" ? badge("denied", "good") : ""}
        ${actionsText(texts(statement["Action"]))}`,
        html`${texts(statement["Resource"]).map((text) => html`<span class="action">${resourceText(text, names)}</span>`)}`,
        statement["Condition"] === undefined
          ? html``
          : html`<code>${JSON.stringify(statement["Condition"])}</code>`,
      ]),
      ...attached.map((one): Html[] => [
        html`what <code>${input(one, "policyArn")}</code> allows`,
        html``,
        html``,
      ]),
    ];
    const all = granted.length > 0 ? granted : [[html`nothing at all`, html``, html``]];
    return all.map((cells) => [title, who, ...cells]);
  });
  return { caption: "Who may do what in AWS", head: ["role", "taken by", "may", "on", "if"], rows };
}

const yes = (value: unknown, word: string, without: string) =>
  value === true ? badge(word, "good") : badge(without, "warn");

/** How what keeps data is kept. */
function keepers(graph: Graph): Table {
  const days = (count: unknown) => (Number(count ?? 0) > 0 ? `${Number(count)} days` : badge("none", "warn"));
  const name = ({ name, type }: RecordedResource) =>
    html`${name} <span class="type">${shortType(type)}</span>`;
  const rows = [
    ...graph
      .all("aws:rds/instance:Instance")
      .map((one) => [
        name(one),
        yes(one.inputs["storageEncrypted"], "encrypted", "not encrypted"),
        days(one.inputs["backupRetentionPeriod"]),
        yes(one.inputs["multiAz"], "standby", "no standby"),
        yes(one.protect, "protected", "not protected"),
      ]),
    ...graph
      .all("aws:opensearch/domain:Domain")
      .map((one) => [
        name(one),
        yes(
          isRecord(one.inputs["encryptAtRest"]) && one.inputs["encryptAtRest"]["enabled"],
          "encrypted",
          "not encrypted",
        ),
        "hourly snapshots of AWS",
        yes(
          isRecord(one.inputs["clusterConfig"]) && one.inputs["clusterConfig"]["zoneAwarenessEnabled"],
          "several zones",
          "one zone",
        ),
        yes(one.protect, "protected", "not protected"),
      ]),
    ...graph
      .all("aws:secretsmanager/secret:Secret")
      .map((one) => [
        name(one),
        badge("encrypted", "good"),
        `${String(one.inputs["recoveryWindowInDays"] ?? 30)} days after deletion`,
        "by AWS",
        yes(one.protect, "protected", "not protected"),
      ]),
  ];
  return {
    caption: "What keeps data",
    head: ["resource", "at rest", "backups", "when a zone fails", "against deletion"],
    rows,
  };
}

/** Each policy, those that are not kept first. */
function promises({ policies: { kept, unknown, violations, accepted } }: Rehearsal): Html {
  if (kept.length + violations.length + accepted.length === 0) return html``;
  const book = new Map(policyBook().policies.map((policy) => [policy.name, policy]));
  const title = (name: string) =>
    html`<code>${name}</code> <span class="faint">${book.get(name)?.promise ?? ""}</span>`;
  const broken = violations.map(({ policy, level, urn, message, remedy }): Cell[] => [
    title(policy),
    badge("broken", level === "mandatory" ? "bad" : "warn"),
    `${shortType(typeOf(urn))} ${nameOf(urn)} ${message}. ${remedy}`,
  ]);
  const givenUp = accepted.map(({ policy, urn, message, because }): Cell[] => [
    title(policy),
    badge("given up", "warn"),
    `${shortType(typeOf(urn))} ${nameOf(urn)} ${message}. ${because}`,
  ]);
  const others = kept.map((name): Cell[] => [
    title(name),
    badge("kept", "good"),
    unknown.includes(name) ? "as far as is known before a deployment" : "",
  ]);
  return table({
    caption: "Policies",
    head: ["policy", "state", "mind"],
    rows: [...broken, ...givenUp, ...others],
  });
}

/** The rows of a table as they are, or with what is new and what is gone. */
function differing({ rows, ...rest }: Table, before: Table | undefined): Html {
  if (before === undefined) return rows.length === 0 ? html`` : table({ ...rest, rows });
  const keyOf = (row: readonly Cell[]) => row.map(String).join("\n");
  const [old, young] = [new Set(before.rows.map(keyOf)), new Set(rows.map(keyOf))];
  const all = [
    ...rows.map((row) => [...row, old.has(keyOf(row)) ? "" : badge("new", "good")]),
    ...before.rows.filter((row) => !young.has(keyOf(row))).map((row) => [...row, badge("gone", "bad")]),
  ];
  return all.length === 0 ? html`` : table({ ...rest, head: [...rest.head, "differs"], rows: all });
}

/** The section. */
export function postureSection(rehearsal: Rehearsal, comparison?: Comparison): Section {
  const graph = new Graph(rehearsal.resources);
  const before = comparison === undefined ? undefined : new Graph(comparison.before.rehearsal.resources);
  const shown = [openPorts, identities, keepers].map((make) =>
    differing(make(graph), before === undefined ? undefined : make(before)),
  );
  return { id: "posture", title: "Posture", content: html`${promises(rehearsal)}${shown}` };
}
