// A resource as Pulumi's state has it.
// https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/go/common/apitype/core.go (ResourceV3)

import { type RecordedResource, usual } from "../record.ts";
import { nameOf } from "../../project/urns.ts";
import { UserError } from "../../project/user-error.ts";
import {
  isRecord,
  isSecret,
  parsePath,
  pathText,
  plain,
  type Properties,
  secret,
  secretPaths,
  strings,
  valueAt,
  withValuesOf,
} from "../../project/values.ts";

/** What of it counts here. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly provider?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly replacementTrigger?: unknown;
  readonly aliases?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  /** It was replaced, and waits for its deletion. */
  readonly delete?: boolean;
}

const DEFAULTS = "__defaults";

/** What stands for a value that is encrypted. */
const ENCRYPTED = "(encrypted)";

/** A secret as programs hand it over; the state has it as JSON in a text, or encrypted. */
function secretOf({ plaintext }: Readonly<Record<string, unknown>>): Properties {
  if (typeof plaintext !== "string") return secret(ENCRYPTED);
  try {
    return secret(JSON.parse(plaintext));
  } catch {
    throw new UserError("the state has a secret whose plain text is no JSON: export it again");
  }
}

/**
 * What the program asked for. Beside it a provider keeps what it filled in itself, and says so under `__defaults`.
 * https://github.com/pulumi/pulumi-terraform-bridge/blob/v3.110.0/pkg/tfbridge/schema.go (defaultsKey)
 */
function asked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asked);
  if (!isRecord(value)) return value;
  if (isSecret(value)) return secretOf(value);
  const { [DEFAULTS]: filledIn, __internal: _, ...own } = value;
  const names = new Set(Array.isArray(filledIn) ? filledIn.map(String) : []);
  return Object.fromEntries(
    Object.entries(own).flatMap(([key, inner]) => (names.has(key) ? [] : [[key, asked(inner)]])),
  );
}

/** The resource as a rehearsal would have recorded it. */
export function deployedResource(resource: StateResource): RecordedResource {
  const { urn, type, custom, id, parent, deletedWith, provider } = resource;
  const inputs = asked(resource.inputs ?? {}) as Properties;
  const outputs = asked(resource.outputs ?? {}) as Properties;
  const isDefault = provider === undefined || /::default(?:_[^:]*)?::[^:]*$/.test(provider);
  return {
    ...usual,
    urn,
    type,
    name: nameOf(urn),
    custom,
    ...(id === undefined ? {} : { id }),
    ...(parent === undefined ? {} : { parent }),
    inputs: plain(inputs) as Properties,
    secretInputs: secretPaths(inputs),
    outputs: plain(outputs) as Properties,
    secretOutputs: secretPaths(outputs),
    dependencies: resource.dependencies ?? [],
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies ?? {}).map(([key, urns]) => [key, urns ?? []]),
    ),
    ...(isDefault ? {} : { provider }),
    protect: resource.protect ?? false,
    retainOnDelete: resource.retainOnDelete ?? false,
    ...(deletedWith === undefined ? {} : { deletedWith }),
    ignoreChanges: resource.ignoreChanges ?? [],
    replaceOnChanges: resource.replaceOnChanges ?? [],
    ...(resource.replacementTrigger === undefined ? {} : { replacementTrigger: resource.replacementTrigger }),
    aliases: resource.aliases ?? [],
    additionalSecretOutputs: resource.additionalSecretOutputs ?? [],
    createdAs: urn,
  };
}

function encryptedPaths(values: Properties): string[] {
  return strings(values).flatMap(([path, text]) => (text === ENCRYPTED ? [path] : []));
}

/** Whether a provider made up something that is encrypted: what follows from that can be told by nobody either. */
function hasGeneratedSecret({ inputs, outputs }: RecordedResource): boolean {
  const own = encryptedPaths(outputs).map((path) => String(parsePath(path)[0]));
  return own.some((key) => !(key in inputs) && !key.startsWith("__"));
}

/**
 * Puts what a rehearsal made up in place of what is encrypted, since the program computes with it, and of what follows
 * from a generated secret, such as a fingerprint.
 */
export function withPlausibleSecrets(
  resources: readonly RecordedResource[],
  pretended: readonly RecordedResource[],
): RecordedResource[] {
  const byUrn = new Map(pretended.map((resource) => [resource.urn, resource]));
  const generated = new Set(resources.filter(hasGeneratedSecret).map(({ urn }) => urn));
  return resources.map((resource) => {
    const { inputs, outputs, propertyDependencies } = resource;
    const like = byUrn.get(resource.urn);
    const following = Object.keys(inputs).filter((key) =>
      propertyDependencies[key]?.some((urn) => generated.has(urn)),
    );
    const encryptedInputs = [
      ...new Set([...following.map((key) => pathText([key])), ...encryptedPaths(inputs)]),
    ];
    return {
      ...resource,
      encryptedInputs,
      inputs: filled(inputs, like?.inputs, encryptedInputs),
      outputs: filled(outputs, like?.outputs, encryptedPaths(outputs)),
    };
  });
}

/** The values with those of another resource at the paths, as far as it has some. */
function filled(values: Properties, from: Properties | undefined, paths: readonly string[]): Properties {
  const known = paths.map(parsePath).filter((path) => valueAt(from ?? {}, path) !== undefined);
  return withValuesOf(values, from ?? {}, known);
}
