// A rehearsal for others to read.

import type { Rehearsal } from "./record.ts";
import { isRecord, masked, type Properties, strings, valueAt, parsePath, json } from "../project/values.ts";

/** Shorter ones, such as "true", stand in ordinary words, too. */
const leastCharacters = 8;

/** Each text in a value; of one that is the JSON of several, these, too. */
function textsIn(value: unknown): string[] {
  return strings(value).flatMap(([, text]) => {
    const inner = json(text);
    return isRecord(inner) ? [text, ...textsIn(inner)] : [text];
  });
}

/** The texts that a rehearsal marks as secret, longest first, since one may hold another. */
function secretTexts({ resources, outputs, secretOutputs }: Rehearsal): string[] {
  const marked = (values: Properties, paths: readonly string[]) =>
    paths.flatMap((path) => textsIn(valueAt(values, parsePath(path))));
  const texts = resources.flatMap((resource) => [
    ...marked(resource.inputs, resource.secretInputs),
    ...marked(resource.outputs, resource.secretOutputs),
  ]);
  return [...new Set([...texts, ...marked(outputs, secretOutputs)])]
    .filter((text) => text.length >= leastCharacters)
    .toSorted((a, b) => b.length - a.length);
}

/** The same rehearsal with words in place of what is secret or unknown, wherever it stands. */
export function maskedRehearsal(rehearsal: Rehearsal): Rehearsal {
  const secrets = secretTexts(rehearsal);
  const hidden = (said: string) =>
    secrets.reduce((text, secret) => text.replaceAll(secret, "(secret)"), said);
  const { program, policies } = rehearsal;
  return {
    ...rehearsal,
    debugMessages: rehearsal.debugMessages.map(hidden),
    messages: rehearsal.messages.map((message) => ({ ...message, text: hidden(message.text) })),
    findings: rehearsal.findings.map((finding) => ({ ...finding, message: hidden(finding.message) })),
    policies: {
      ...policies,
      violations: policies.violations.map((violation) => ({
        ...violation,
        message: hidden(violation.message),
      })),
      accepted: policies.accepted.map((violation) => ({ ...violation, message: hidden(violation.message) })),
    },
    hookRuns: rehearsal.hookRuns.map((run) => ({
      ...run,
      ...(run.error === undefined ? {} : { error: hidden(run.error) }),
    })),
    program: {
      ...program,
      ...(program.message === undefined ? {} : { message: hidden(program.message) }),
    },
    resources: rehearsal.resources.map((resource) => ({
      ...resource,
      inputs: masked(resource.inputs, resource.secretInputs),
      outputs: masked(resource.outputs, resource.secretOutputs),
    })),
    outputs: masked(rehearsal.outputs, rehearsal.secretOutputs),
  };
}
