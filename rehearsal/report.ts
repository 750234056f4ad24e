// What a person sees of a rehearsal.

import { isPlaceholder } from "../infra/config/rules/placeholder-domain.ts";
import { guideOf } from "../policy/judgement.ts";
import type { Comparison } from "./comparison.ts";
import { type Block, bullets, comparisonBlocks } from "./comparison-text.ts";
import { shownContainers, type ShownContainer } from "./containers.ts";
import type { Finding, Rehearsal } from "./record.ts";
import { styleOf, type Style } from "./style.ts";
import { disclaimer, isStopped, summaryOf, warningsOf } from "./summary.ts";
import { tree } from "./tree.ts";
import { cut, hanging, oneLine, wrapped } from "../project/text.ts";
import { nameOf, shortType, typeOf } from "../project/urns.ts";
import { isRecord, masked, type Properties } from "../project/values.ts";

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
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `${indent}${oneLine(name)}  ${oneLine(text)}`;
  });
}

/** The resource that something is about. */
const placeOf = (urn: string) => `${oneLine(nameOf(urn))} (${shortType(typeOf(urn))})`;

export function findingText({ message, urn, property }: Finding): string {
  const where = urn === undefined ? "" : placeOf(urn);
  return [where, property ?? "", message].filter((part) => part !== "").join(": ");
}

/** What the policies say against a stack, and what is excepted from them. */
export function policyTexts({ policies: { violations, accepted } }: Pick<Rehearsal, "policies">): string[] {
  return [
    ...violations.map(
      ({ policy, level, urn, message, remedy }) =>
        `${policy}${level === "advisory" ? " (advisory)" : ""}: ${placeOf(urn)} ${message}. ${remedy} ${guideOf(policy)}`,
    ),
    ...accepted.map(
      ({ policy, urn, message, because }) => `${policy}, given up: ${placeOf(urn)} ${message}. ${because}`,
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
  const whole: readonly Block[] = [
    ["", tree(rehearsal.resources, style)],
    env ? ["", environments(rehearsal, style)] : ["Containers", images(rehearsal, style)],
    ["Outputs", outputLines(masked(rehearsal.outputs, rehearsal.secretOutputs))],
  ];
  const sections: readonly Block[] = [
    ["", [...summary(rehearsal, comparison, style), "", ...wrapped(disclaimer, style.width).map(style.dim)]],
    ...(comparison === undefined ? whole : []),
    ["Notes", bullets(notesOf(rehearsal), style)],
    ...(comparison === undefined ? [] : comparisonBlocks(rehearsal, comparison, style)),
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
