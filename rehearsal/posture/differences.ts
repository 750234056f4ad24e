// How two postures differ: what lets others in, who may do what, how data is kept, and which policies are kept.

import { Graph } from "../architecture/graph.ts";
import type { Rehearsal } from "../record.ts";
import type { Judgement } from "../../policy/judgement.ts";
import { titleOf, titleOfUrn } from "../../project/urns.ts";
import { type Grant, grantsOf } from "./grants.ts";
import { type Keeper, keepersOf } from "./keepers.ts";
import { type OpenPort, openPortsOf } from "./open-ports.ts";

/** What only one of two lists has. */
interface OneSided<T> {
  readonly onlyBefore: readonly T[];
  readonly onlyAfter: readonly T[];
}

/** Compares two lists by the text of what is in them. */
function oneSided<T>(before: readonly T[], after: readonly T[], textOf: (one: T) => string): OneSided<T> {
  const [old, young] = [before, after].map((all) => new Set(all.map(textOf)));
  return {
    onlyBefore: before.filter((one) => young?.has(textOf(one)) === false),
    onlyAfter: after.filter((one) => old?.has(textOf(one)) === false),
  };
}

const portText = ({ ports, from, to, by }: OpenPort): string =>
  `${ports === "any" ? "any port" : `port ${ports}`} of ${to} from ${from} (${by})`;

function grantText({ role, isDenied, actions, words, on, condition }: Grant): string {
  const what = words ?? `${actions.join(", ")} on ${on.join(", ")}`;
  return `${role} may ${isDenied ? "not " : ""}${what}${condition === undefined ? "" : ` if ${condition}`}`;
}

const keeperText = ({ type, name, ...words }: Keeper): string =>
  `${titleOf({ type, name })}: ${wordsOf(words)
    .map(([title, text]) => `${title} ${text}`)
    .join(", ")}`;

function wordsOf(keeper: Omit<Keeper, "type" | "name">): [title: string, text: string][] {
  const { atRest, backups, whenAZoneFails, againstDeletion } = keeper;
  return [
    ["at rest", atRest.text],
    ["backups", backups.text],
    ["when a zone fails", whenAZoneFails.text],
    ["against deletion", againstDeletion.text],
  ];
}

/** What changes in how data is kept. */
function keeperLines(before: readonly Keeper[], after: readonly Keeper[]): PostureLine[] {
  const { onlyBefore, onlyAfter } = oneSided(before, after, ({ type, name }) => `${type} ${name}`);
  const changed = after.flatMap((keeper): PostureLine[] => {
    const was = before.find(({ type, name }) => type === keeper.type && name === keeper.name);
    const words = was === undefined ? [] : wordsOf(was);
    const different = wordsOf(keeper).flatMap(([title, text], index) => {
      const old = words[index]?.[1];
      return old === undefined || old === text ? [] : [`${title} ${old} → ${text}`];
    });
    const title = titleOf(keeper);
    return different.length === 0 ? [] : [{ sign: "~", text: `${title}: ${different.join(", ")}` }];
  });
  return [...changed, ...signed(onlyBefore.map(keeperText), onlyAfter.map(keeperText))];
}

/** What became of a policy on one side. */
type PolicyState = "kept" | "broken" | "given up" | "not judged";

/** A policy that is not kept alike on both sides. */
export interface PolicyDifference {
  readonly policy: string;
  readonly before: PolicyState;
  readonly after: PolicyState;
  /** What speaks against one side alone: the resource, and what is said of it. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

function stateOf(policy: string, { kept, violations, accepted }: Judgement): PolicyState {
  if (violations.some((one) => one.policy === policy)) return "broken";
  if (accepted.some((one) => one.policy === policy)) return "given up";
  return kept.includes(policy) ? "kept" : "not judged";
}

function objections(policy: string, { violations, accepted }: Judgement): string[] {
  return [...violations, ...accepted]
    .filter((one) => one.policy === policy)
    .map(({ urn, message }) => `${titleOfUrn(urn)} ${message}`);
}

/** The policies that differ; none where one side was not judged. */
export function policyDifferences(before: Judgement, after: Judgement): PolicyDifference[] {
  const named = ({ kept, violations, accepted }: Judgement) => [
    ...violations.map(({ policy }) => policy),
    ...accepted.map(({ policy }) => policy),
    ...kept,
  ];
  if ([before, after].some((side) => named(side).length === 0)) return [];
  return [...new Set([...named(after), ...named(before)])].flatMap((policy) => {
    const states = { before: stateOf(policy, before), after: stateOf(policy, after) };
    const sides = oneSided(objections(policy, before), objections(policy, after), (text) => text);
    const isSame = states.before === states.after && sides.onlyBefore.length + sides.onlyAfter.length === 0;
    return isSame ? [] : [{ policy, ...states, ...sides }];
  });
}

/** A policy in a line. */
export function policyDifferenceText({ policy, before, after, ...sides }: PolicyDifference): string {
  const states = before === after ? `${before} on both sides, by others` : `${before} → ${after}`;
  const reasons = [
    ...sides.onlyAfter,
    ...sides.onlyBefore.map((text) => `${after === "kept" ? "was" : "no longer"}: ${text}`),
  ];
  return `${policy}: ${states}${reasons.length === 0 ? "" : ` (${reasons.join("; ")})`}`;
}

/** A difference in a line: `+` is new, `-` is gone, `~` is changed. */
export interface PostureLine {
  readonly sign: "+" | "-" | "~";
  readonly text: string;
}

function signed(gone: readonly string[], young: readonly string[]): PostureLine[] {
  return [
    ...gone.map((text): PostureLine => ({ sign: "-", text })),
    ...young.map((text): PostureLine => ({ sign: "+", text })),
  ];
}

/** What lets others in, who may do what and how data is kept, as far as it differs between two stacks. */
export function postureLines(
  before: Pick<Rehearsal, "resources">,
  after: Pick<Rehearsal, "resources">,
): PostureLine[] {
  const [old, young] = [new Graph(before.resources), new Graph(after.resources)];
  const compared = <T>(read: (graph: Graph) => T[], textOf: (one: T) => string) => {
    const { onlyBefore, onlyAfter } = oneSided(
      read(old).map(textOf),
      read(young).map(textOf),
      (text) => text,
    );
    return signed(onlyBefore, onlyAfter);
  };
  return [
    ...compared(openPortsOf, portText),
    ...compared(grantsOf, grantText),
    ...keeperLines(keepersOf(old), keepersOf(young)),
  ];
}
