// What a person sees of a rehearsal.

import { effects } from "../infra/config/settings/change.ts";
import { isPlaceholder } from "../infra/config/rules/placeholder-domain.ts";
import { resourceEntry } from "./catalogue/index.ts";
import { shownContainers, type ShownContainer } from "./containers.ts";
import { keepsData } from "./effects.ts";
import type { Change, ChangeKind, Consequence, Finding, Message, Rehearsal } from "./record.ts";
import { cut, styleOf, wrapped, type Style } from "./style.ts";
import { tree } from "./tree.ts";
import { nameOf, shortType, typeOf } from "../project/urns.ts";
import { isRecord, masked, type Properties } from "../project/values.ts";

const SIGNS: Readonly<Record<ChangeKind, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  same: " ",
};

function header({ stack, mode }: Rehearsal, style: Style): string[] {
  const what = mode === "preview" ? "pulumi preview" : "pulumi up";
  return wrapped(
    `Rehearsal of \`${what} --stack ${stack}\`: the program ran against an engine that only pretends. Nothing was deployed, and nothing here shows that it would be accepted.`,
    style.width,
  );
}

/** Another container whose environment is part of this one's: so that nothing long is shown twice. */
function sharedEnvironment(own: ShownContainer, all: readonly ShownContainer[]): ShownContainer | undefined {
  const { environment } = own;
  return all.find(
    (other) =>
      other.environment.length > 1 &&
      other.environment.every((line) => environment.includes(line)) &&
      (other.environment.length < environment.length || all.indexOf(other) < all.indexOf(own)),
  );
}

function containers({ resources }: Rehearsal, style: Style): string[] {
  const all = shownContainers(resources);
  return all.flatMap((container, index) => {
    const { component, name, image, command, environment } = container;
    const shared = sharedEnvironment(container, all);
    const own = environment.filter((line) => !shared?.environment.includes(line));
    const lines = [
      `image ${image}`,
      ...(command.length > 0 ? [`command ${command.join(" ")}`] : []),
      ...(shared ? [`the environment of ${shared.name}${own.length > 0 ? ", and" : ""}`] : []),
      ...own,
    ];
    return [
      ...(index > 0 ? [""] : []),
      `${style.bold(name)} ${style.dim(`container of ${component}`)}`,
      ...lines.map((line) => `  ${cut(line, style.width - 2)}`),
    ];
  });
}

/** `name  value` lines; objects as lines below their name. */
function outputLines(values: Properties, style: Style, indent = "  "): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (isRecord(value)) return [`${indent}${name}`, ...outputLines(value, style, `${indent}  `)];
    const text = `${name}  ${typeof value === "string" ? value : JSON.stringify(value)}`;
    return wrapped(text, style.width - indent.length - 2).map((line, index) =>
      index === 0 ? indent + line : `${indent}  ${line}`,
    );
  });
}

/** What a change does, in the words of the reference. */
function consequenceText({ effect, of, links }: Consequence): string {
  const [shown, more] = [of.slice(0, 3), of.length - 3];
  const which = shown.length > 0 ? ` (${shown.join("; ")}${more > 0 ? `; ${more} more` : ""})` : "";
  return [`${effect}${which}: ${effects[effect]}.`, ...links].join(" ");
}

/** The changes, those that lose something first. */
function changes(rehearsal: Rehearsal): string[] {
  const order = ["delete", "replace", "update", "create", "same"];
  const sorted = rehearsal.changes.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const refused = new Set(rehearsal.findings.map(({ urn }) => urn));
  return sorted.length === 0 ? ["none"] : sorted.map((change) => changeLine(change, refused.has(change.urn)));
}

function changeLine(change: Change, refused: boolean): string {
  const { kind, type, name, keys, replaceKeys } = change;
  const why = kind === "replace" ? replaceKeys : keys;
  const loses = (kind === "delete" || kind === "replace") && keepsData(change);
  const fate = refused ? "  REFUSED, see below" : loses ? "  ITS DATA IS LOST" : "";
  return `${SIGNS[kind]} ${kind.padEnd(8)}${shortType(type)} ${name}${why.length > 0 ? ` (${why.join(", ")})` : ""}${fate}`;
}

function findingText({ message, urn, property }: Finding): string {
  const where = urn === undefined ? "" : `${nameOf(urn)} (${shortType(typeOf(urn))})`;
  return [where, property ?? "", message].filter((part) => part !== "").join(": ");
}

function bullets(texts: readonly string[], style: Style): string[] {
  return texts.flatMap((text) =>
    wrapped(text, style.width - 2).map((line, index) => `${index === 0 ? "- " : "  "}${line}`),
  );
}

/** What the program said, each line once. */
function texts({ messages }: Rehearsal, severities: readonly Message["severity"][]): string[] {
  return [
    ...new Set(messages.filter(({ severity }) => severities.includes(severity)).map(({ text }) => text)),
  ];
}

/** What takes long to create, longest first. */
function waits({ resources }: Rehearsal): string[] {
  return resources
    .map(({ type, name }) => ({ type, name, minutes: resourceEntry(type)?.minutes ?? 0 }))
    .filter(({ minutes }) => minutes > 0)
    .toSorted((a, b) => b.minutes - a.minutes)
    .map(({ type, name, minutes }) => `${shortType(type)} ${name}: about ${minutes} minutes`);
}

function next({ stack, mode, findings, outputs }: Rehearsal): string[] {
  if (findings.length > 0) return [];
  const other: [command: string, what: string] =
    mode === "preview"
      ? [`npm start -- ${stack} --update`, "shows what a deployment would fill in"]
      : [`npm start -- ${stack}`, "shows what is known before a deployment"];
  const { url } = outputs;
  const host = typeof url === "string" && URL.canParse(url) ? new URL(url).hostname : "";
  const deploys = isPlaceholder(host) ? `deploys, once ${host} is a name of yours` : "deploys";
  const commands = [other, [`npm run up -- ${stack}`, deploys] as const];
  const column = Math.max(...commands.map(([command]) => command.length)) + 2;
  return commands.map(([command, what]) => `  ${command.padEnd(column)}${what}`);
}

export interface ReportOptions {
  /** @default false */
  readonly color?: boolean | undefined;
  /** Columns. @default 110 */
  readonly width?: number | undefined;
  /** Shows what differs from the previous deployment, and leaves out what the stack consists of. @default false */
  readonly changesOnly?: boolean | undefined;
}

/** The text for a terminal, or for a file. */
export function report(
  rehearsal: Rehearsal,
  { color = false, width = 110, changesOnly = false }: ReportOptions = {},
): string {
  const style = styleOf({ color, width: Math.max(width, 60) });
  const whole: [title: string, lines: readonly string[]][] = [
    ["", tree(rehearsal.resources, style)],
    ["", containers(rehearsal, style)],
    ["Outputs", outputLines(masked(rehearsal.outputs, rehearsal.secretOutputs), style)],
    ["Takes long to create", bullets(waits(rehearsal), style)],
  ];
  const sections: [title: string, lines: readonly string[]][] = [
    ["", header(rehearsal, style)],
    ...(changesOnly ? [] : whole),
    ["Notes", bullets(texts(rehearsal, ["info"]), style)],
    ["What the change does", changesOnly ? bullets(rehearsal.consequences.map(consequenceText), style) : []],
    ["Changes to the deployed stack", changesOnly ? changes(rehearsal) : []],
    [style.yellow("Warnings"), bullets(texts(rehearsal, ["warning", "error"]), style)],
    [style.red("Findings"), bullets(rehearsal.findings.map(findingText), style)],
    ["Next", changesOnly ? [] : next(rehearsal)],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [...(title === "" ? [] : [style.bold(title)]), ...lines].join("\n"))
    .join("\n\n");
}
