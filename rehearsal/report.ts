// What a person sees of a rehearsal.

import { effects } from "../infra/config/settings/change.ts";
import { settings } from "../infra/config/settings.ts";
import { isPlaceholder } from "../infra/config/rules/placeholder-domain.ts";
import { changeCounts, listedChanges, type ListedChange } from "./change-list.ts";
import { type Comparison, costDifferences, environmentDifferences, signed } from "./comparison.ts";
import { shownContainers, type ShownContainer } from "./containers.ts";
import { dollars } from "./cost/text.ts";
import type { ChangeKind, Consequence, Finding, Rehearsal } from "./record.ts";
import { styleOf, type Style } from "./style.ts";
import { disclaimer, isStopped, summaryOf, warningsOf } from "./summary.ts";
import { tree } from "./tree.ts";
import { cut, hanging, wrapped } from "../project/text.ts";
import { nameOf, shortType, typeOf } from "../project/urns.ts";
import { isRecord, masked, type Properties } from "../project/values.ts";

const SIGNS: Readonly<Record<ChangeKind, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  same: " ",
};

function summary(rehearsal: Rehearsal, comparison: Comparison | undefined, style: Style): string[] {
  const facts = summaryOf(rehearsal, comparison);
  const column = Math.max(...facts.map(({ title }) => title.length)) + 2;
  return facts.flatMap(({ title, text, alarms = false }) => {
    const [first = "", ...rest] = hanging(title.padEnd(column), text, style.width);
    const value = first.slice(column);
    return [style.bold(first.slice(0, column)) + (alarms ? style.yellow(value) : value), ...rest];
  });
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

/** Every image once, with the containers that run it. */
function images({ resources, stack }: Rehearsal, style: Style): string[] {
  const all = shownContainers(resources);
  if (all.length === 0) return [];
  const lines = [...new Set(all.map(({ image }) => image))].flatMap((image) => {
    const own = all.filter((container) => container.image === image);
    const components = [...new Set(own.map(({ component }) => component))].map((component) => {
      const names = own.filter((container) => container.component === component).map(({ name }) => name);
      return `${component}: ${names.join(", ")}`;
    });
    return [`  ${image}`, ...hanging("    ", components.join("; "), style.width)];
  });
  return [...lines, style.dim(`  npm start -- ${stack} --env shows what they run, and their environments`)];
}

/** What each container runs, and its environment. */
function environments({ resources }: Rehearsal, style: Style): string[] {
  const all = shownContainers(resources);
  return all.flatMap((container, index) => {
    const { component, name, image, command, environment } = container;
    const shared = sharedEnvironment(container, all);
    const own = environment.filter((line) => !shared?.environment.includes(line));
    const lines = [
      ...(all.findIndex((other) => other.image === image) === index ? [`image ${image}`] : []),
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

/** `name  value` lines, unbroken, since most are to be copied; objects as lines below their name. */
function outputLines(values: Properties, indent = "  "): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (isRecord(value)) return [`${indent}${name}`, ...outputLines(value, `${indent}  `)];
    return `${indent}${name}  ${typeof value === "string" ? value : JSON.stringify(value)}`;
  });
}

function consequenceText({ effect, of, links }: Consequence): string {
  const [shown, more] = [of.slice(0, 3), of.length - 3];
  const which = shown.length > 0 ? ` (${shown.join("; ")}${more > 0 ? `; ${more} more` : ""})` : "";
  return [`${effect}${which}: ${effects[effect]}.`, ...links].join(" ");
}

/** What ought to be known before a key is changed. */
function notesOn(key: string): string[] {
  const name = key.replace(/^nango:/, "").replace(/\..*$/, "");
  const setting = Object.hasOwn(settings, name) ? settings[name as keyof typeof settings] : undefined;
  return setting?.changeNote === undefined ? [] : [`nango:${name}: ${setting.changeNote}`];
}

/** What the change of some keys does, in the words of the reference. */
export function meanings({ consequences, changes: made }: Rehearsal, keys: readonly string[]): string[] {
  return [...consequences.map(consequenceText), ...(made.length === 0 ? [] : keys.flatMap(notesOn))];
}

function changes(comparison: Comparison, style: Style): string[] {
  if (comparison.changes.length === 0) return ["none"];
  const { red, yellow, green } = style;
  const paints = { delete: red, replace: red, update: yellow, create: green, same: style.dim };
  const listed = listedChanges(comparison);
  const column = Math.max(...listed.map(({ label }) => label.length + 1), 8);
  return listed.flatMap((change) => {
    const sign = SIGNS[change.kind === "replace" && !comparison.isDeployment ? "update" : change.kind];
    const title = `${sign} ${change.label.padEnd(column)}`;
    return hanging(title, changeText(change), style.width).map(paints[change.kind]);
  });
}

function changeText({ resource, why, fate }: ListedChange): string {
  return `${resource}${why.length > 0 ? ` (${why.join(", ")})` : ""}${fate === "" ? "" : `  ${fate}`}`;
}

/** What stands above the resources that differ. */
export function changesTitle({ isDeployment, before, after }: Comparison): string {
  return isDeployment ? "Changes to the deployed stack" : `${before.title} and ${after.title}`;
}

/** What differs in the environments and on the bill. */
function differences(comparison: Comparison, style: Style): [title: string, lines: readonly string[]][] {
  const amount = (value: number | undefined) => (value === undefined ? "unknown" : dollars(value));
  const costs = costDifferences(comparison).map(
    ({ part, before, after }) => `${part}: ${amount(before)} → ${amount(after)} (${signed(before, after)})`,
  );
  const environments = environmentDifferences(comparison).map(
    ({ of, what, before = "nothing", after = "nothing" }) => `${of}: ${what} ${before} → ${after}`,
  );
  return [
    ["Environments", environments.map((line) => cut(`- ${line}`, style.width))],
    ["Costs a month", bullets(costs, style)],
  ];
}

export function findingText({ message, urn, property }: Finding): string {
  const where = urn === undefined ? "" : `${nameOf(urn)} (${shortType(typeOf(urn))})`;
  return [where, property ?? "", message].filter((part) => part !== "").join(": ");
}

function bullets(texts: readonly string[], style: Style): string[] {
  return texts.flatMap((text) => hanging("- ", text, style.width));
}

/** What the policies say against a stack, and what is excepted from them. */
export function policyTexts({ policies: { violations, accepted } }: Pick<Rehearsal, "policies">): string[] {
  const where = (urn: string) => `${nameOf(urn)} (${shortType(typeOf(urn))})`;
  return [
    ...violations.map(
      ({ policy, level, urn, message, remedy }) =>
        `${policy}${level === "advisory" ? " (advisory)" : ""}: ${where(urn)} ${message}. ${remedy} docs/policies.md#${policy}`,
    ),
    ...accepted.map(
      ({ policy, urn, message, because }) => `${policy}, given up: ${where(urn)} ${message}. ${because}`,
    ),
  ];
}

/** What the program said that is no warning, each line once. */
export function notesOf({ messages }: Pick<Rehearsal, "messages">): string[] {
  return [...new Set(messages.filter(({ severity }) => severity === "info").map(({ text }) => text))];
}

function next(rehearsal: Rehearsal, style: Style): string[] {
  const { stack, mode, outputs } = rehearsal;
  if (isStopped(rehearsal)) return [];
  const other: [command: string, what: string] =
    mode === "preview"
      ? [`npm start -- ${stack} --update`, "shows what a deployment would fill in"]
      : [`npm start -- ${stack}`, "shows what is known before a deployment"];
  const { url } = outputs;
  const host = typeof url === "string" && URL.canParse(url) ? new URL(url).hostname : "";
  const onwards = isPlaceholder(host)
    ? (["npm run init", "begins a stack with a domain of yours"] as const)
    : ([`npm run up -- ${stack}`, "deploys"] as const);
  const commands = [other, onwards];
  const column = Math.max(...commands.map(([command]) => command.length)) + 2;
  return commands.flatMap(([command, what]) => hanging(`  ${command.padEnd(column)}`, what, style.width));
}

export interface ReportOptions {
  /** @default false */
  readonly color?: boolean | undefined;
  /** Columns; 0 where a terminal does not know. @default 110 */
  readonly width?: number | undefined;
  /** Shows what containers run, and their environments. @default false */
  readonly env?: boolean | undefined;
  /** With what the stack is compared; what it consists of is left out then. @default nothing */
  readonly comparison?: Comparison | undefined;
}

const USUAL_WIDTH = 110;
const LEAST_WIDTH = 60;

/** The text for a terminal, or for a file. */
export function report(
  rehearsal: Rehearsal,
  { color = false, width = 0, env = false, comparison }: ReportOptions = {},
): string {
  const style = styleOf({ color, width: width > 0 ? Math.max(width, LEAST_WIDTH) : USUAL_WIDTH });
  const whole: [title: string, lines: readonly string[]][] = [
    ["", tree(rehearsal.resources, style)],
    env ? ["", environments(rehearsal, style)] : ["Containers", images(rehearsal, style)],
    ["Outputs", outputLines(masked(rehearsal.outputs, rehearsal.secretOutputs))],
  ];
  const change: [title: string, lines: readonly string[]][] =
    comparison === undefined
      ? []
      : [
          ["What the change does", bullets(meanings(rehearsal, comparison.keys), style)],
          [`${changesTitle(comparison)}: ${changeCounts(comparison)}`, changes(comparison, style)],
          ...differences(comparison, style),
          ["How it was compared", bullets(comparison.remarks, style)],
        ];
  const sections: [title: string, lines: readonly string[]][] = [
    ["", [...summary(rehearsal, comparison, style), "", ...wrapped(disclaimer, style.width).map(style.dim)]],
    ...(comparison === undefined ? whole : []),
    ["Notes", bullets(notesOf(rehearsal), style)],
    ...change,
    [style.yellow("Warnings"), bullets(warningsOf(rehearsal), style)],
    [style.yellow("Policies"), bullets(policyTexts(rehearsal), style)],
    [style.red("Findings"), bullets(rehearsal.findings.map(findingText), style)],
    ["Next", comparison === undefined ? next(rehearsal, style) : []],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [...(title === "" ? [] : [style.bold(title)]), ...lines].join("\n"))
    .join("\n\n");
}
