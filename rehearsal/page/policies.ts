// Which policies are kept, and which of them another way than on the side that they are compared with.

import { policyDifferences } from "../posture/differences.ts";
import { policyBook, type Accepted, type Judgement, type Violation } from "../../policy/judgement.ts";
import { titleOfUrn } from "../../project/urns.ts";
import { badge, type Cell, filledTable } from "./section.ts";
import { type Html, html } from "./html.ts";

const head = ["policy", "state", "differs", "mind"];

const objection = ({ urn, message }: Violation) => `${titleOfUrn(urn)} ${message}.`;

function mindOfKept(isKnown: boolean, before: readonly string[]): string {
  return [
    ...(isKnown ? [] : ["As far as is known before a deployment."]),
    ...(before.length === 0 ? [] : [`It was: ${before.join("; ")}.`]),
  ].join(" ");
}

/** Those that are not kept, or not alike on both sides; then, folded, the others. */
export function policyTables(judgement: Judgement, before: Judgement | undefined): Html {
  const { kept, unknown, violations, accepted } = judgement;
  if (kept.length + violations.length + accepted.length === 0) return html``;
  const promises = new Map(policyBook().policies.map(({ name, promise }) => [name, promise]));
  const all = before === undefined ? [] : policyDifferences(before, judgement);
  const differences = new Map(all.map((one) => [one.policy, one]));
  const row = (policy: string, state: Html, mind: string): Cell[] => {
    const one = differences.get(policy);
    const differs =
      one === undefined ? "" : one.before === one.after ? "other resources" : `was ${one.before}`;
    return [
      html`<code>${policy}</code> <span class="faint">${promises.get(policy)}</span>`,
      state,
      differs,
      mind,
    ];
  };
  const keptRow = (policy: string) =>
    row(
      policy,
      badge("kept", "good"),
      mindOfKept(!unknown.includes(policy), differences.get(policy)?.onlyBefore ?? []),
    );
  const noted = [
    ...violations.map((one) =>
      row(
        one.policy,
        badge("broken", one.level === "mandatory" ? "bad" : "warn"),
        `${objection(one)} ${one.remedy}`,
      ),
    ),
    ...accepted.map((one: Accepted) =>
      row(one.policy, badge("given up", "warn"), `${objection(one)} ${one.because}.`),
    ),
    ...kept.filter((policy) => differences.has(policy)).map(keptRow),
  ];
  const others = kept.filter((policy) => !differences.has(policy));
  return html`${filledTable({ caption: "Policies to look at", head, rows: noted })}
  ${before !== undefined && all.length === 0 ? html`<p>Both sides keep and break the same policies.</p>` : ""}
  ${
    others.length === 0
      ? ""
      : html`<details>
          <summary>Policies that are kept <span class="faint">${others.length}</span></summary>
          ${filledTable({ caption: "What each of them promises", head, rows: others.map(keptRow) })}
        </details>`
  }`;
}
