// Stands in for the provider plugins: checks a resource and answers it, from the catalogue.

import { subjectFor } from "./catalogue/entry.ts";
import { functionEntry, resourceEntry } from "./catalogue/index.ts";
import { autoNameFindings } from "./checks.ts";
import type { Finding, Mode, RecordedResource } from "./record.ts";
import { Refusal } from "./refusal.ts";
import { nameOf } from "../project/urns.ts";
import type { Properties } from "../project/values.ts";

/** Stands in for the catalogue's answer to a type or a function. What it throws is the provider's refusal. */
export type Answer = (asked: { readonly name: string; readonly inputs: Properties }) => Properties;

/** Answers by type token or function token. */
export type Answers = Readonly<Record<string, Answer>>;

/** What a provider answers for a resource. */
export type ProviderState = Pick<RecordedResource, "id" | "outputs" | "secretOutputs">;

function answered(answer: Answer, name: string, inputs: Properties): Properties {
  try {
    return answer({ name, inputs });
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
}

const HOW_TO_ADD = "tell it in rehearsal/catalogue/ what the provider answers";

/** What the provider would object to. Throws a `Refusal` for a type that nobody answers. */
export function checkResource(resource: RecordedResource, answers: Answers): Finding[] {
  const entry = resourceEntry(resource.type);
  if (!entry && !answers[resource.type])
    throw new Refusal(`the rehearsal knows no resource type ${resource.type}: ${HOW_TO_ADD}`);
  return entry ? autoNameFindings(resource, entry) : [];
}

/** Where a provider works, and for whom. */
export interface Surroundings {
  readonly mode: Mode;
  readonly region: string;
  readonly answers: Answers;
  /** What the deployment has registered already, and as it was before, what it has not. */
  readonly resources: readonly RecordedResource[];
}

function registeredIn(resources: readonly RecordedResource[]) {
  return (wanted: string): Properties[] =>
    resources.filter(({ type }) => type === wanted).map(({ outputs }) => outputs);
}

/** The name that Pulumi makes up where the program gives none, and whether the provider makes it up instead. */
function automaticName({ type, createdAs, inputs }: RecordedResource, digits: string) {
  const property = resourceEntry(type)?.autoName?.property;
  if (property === undefined || property in inputs) return { name: {}, byProvider: false };
  const prefix = inputs[`${property}Prefix`];
  const name = { [property]: `${String(prefix ?? `${nameOf(createdAs)}-`)}${digits}` };
  return { name, byProvider: prefix !== undefined };
}

/** What is added to the inputs of a resource that is created or updated. */
function computedOutputs(resource: RecordedResource, surroundings: Surroundings): Properties {
  const { type, name, inputs, generation, createdAs } = resource;
  const { mode, region, answers, resources } = surroundings;
  const registered = registeredIn(resources);
  const subject = subjectFor(createdAs, { name, inputs, region, generation, registered });
  const automatic = automaticName(resource, subject.hex(7));
  if (mode === "preview" && resourceEntry(type)?.previewed !== true)
    return automatic.byProvider ? {} : automatic.name;
  const answer = answers[type];
  return {
    ...automatic.name,
    ...resourceEntry(type)?.outputs({ ...subject, inputs: { ...inputs, ...automatic.name } }),
    ...(answer && answered(answer, name, inputs)),
  };
}

/** The state of a resource after a change; `previous` is its state before, if the resource was there and stays. */
export function stateOf(
  resource: RecordedResource,
  previous: RecordedResource | undefined,
  surroundings: Surroundings,
): ProviderState {
  const { mode } = surroundings;
  const entry = resourceEntry(resource.type);
  const { id: computedId, ...computed } = computedOutputs(resource, surroundings);
  const outputs = { ...(mode === "preview" && previous?.outputs), ...resource.inputs, ...computed };
  const secretOutputs = [
    ...resource.secretInputs,
    ...[...(entry?.secretOutputs ?? []), ...resource.additionalSecretOutputs].filter((key) => key in outputs),
  ];
  const automatic = entry?.autoName && outputs[entry.autoName.property];
  const id = previous?.id ?? (mode === "preview" ? undefined : (computedId ?? automatic));
  return {
    ...(id === undefined ? {} : { id: String(id) }),
    outputs,
    secretOutputs: [...new Set(secretOutputs)],
  };
}

/** The answer to a function. */
export function answerFunction(
  token: string,
  inputs: Properties,
  { region, answers, resources }: Surroundings,
): Properties {
  const answer = answers[token];
  if (answer) return answered(answer, token, inputs);
  const entry = functionEntry(token);
  if (!entry) throw new Refusal(`the rehearsal knows no function ${token}: ${HOW_TO_ADD}`);
  const identity = `${token}(${JSON.stringify(inputs)})`;
  const registered = registeredIn(resources);
  return entry.answer(subjectFor(identity, { name: token, inputs, region, generation: 1, registered }));
}
