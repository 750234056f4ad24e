// The form of a catalogue entry. Entries are typed against Pulumi's SDKs, so that a property which a new version of
// an SDK renames no longer compiles.

import type * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";

import type { Properties } from "../../project/values.ts";

type Key<T> = Extract<keyof T, string>;

type OutputsOf<Resource> = {
  [K in keyof Resource as Resource[K] extends pulumi.Output<unknown> ? K : never]?: pulumi.Unwrap<
    Resource[K]
  >;
};

/** The resource that an entry answers for, and a source of plausible values. */
export interface Subject<Inputs> {
  /** The logical name. */
  readonly name: string;
  readonly inputs: Inputs;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  /** DNS suffix of the partition's services. */
  readonly dnsSuffix: string;
  /**
   * The outputs of what is there, by type token: what this deployment has registered already, and as it was before, what
   * it has not.
   */
  readonly registered: (type: string) => readonly Properties[];
  /** How many times the resource has been created, this one included. */
  readonly generation: number;
  /** Hexadecimal digits that are this resource's own: the same in each rehearsal, others after a replacement. */
  hex(length: number): string;
  /** Bytes of the same kind. */
  bytes(length: number): Buffer;
  /** A UUID of version 4 of the same kind. */
  uuid(): string;
  /** `arn:aws:service:region:account:resource` of the region; `regional: false` leaves the region out. */
  arn(service: string, resource: string, regional?: boolean): string;
}

export interface ResourceEntry<Resource, Args> {
  /** The input that Pulumi fills with the logical name and seven digits when the program leaves it out. */
  readonly autoName?: { readonly property: Key<Args>; readonly maximum?: number };
  /** What a deployment adds to the inputs. The `id` may be left out where it is the automatic name. */
  readonly outputs: (subject: Subject<pulumi.Unwrap<Args>>) => OutputsOf<Resource> & { id?: string };
  /** Whether a preview answers the outputs as well, all but the `id`. @default false */
  readonly previewed?: boolean;
  /** Outputs that the provider itself marks as secret. */
  readonly secretOutputs?: readonly Key<OutputsOf<Resource>>[];
  /**
   * Inputs that cannot change in place: another value makes another resource. In the provider's schema they are marked
   * `ForceNew`; in its reference, "Changing this creates a new resource" or "Forces new resource".
   */
  readonly replacedBy?: readonly Key<Args>[];
}

export interface FunctionEntry<Args, Result> {
  readonly answer: (call: Subject<Args>) => Result;
}

/** An entry of any resource type. */
export interface AnyResource {
  readonly autoName?: { readonly property: string; readonly maximum?: number };
  readonly previewed?: boolean;
  readonly outputs: (subject: Subject<Properties>) => Properties;
  readonly secretOutputs: readonly string[];
  readonly replacedBy: readonly string[];
}

/** An entry of any function. */
export interface AnyFunction {
  readonly answer: (call: Subject<Properties>) => Properties;
}

/** An entry of the catalogue for a resource of an SDK. */
export function resource<Resource, Args>(entry: ResourceEntry<Resource, Args>): AnyResource {
  return {
    ...entry,
    outputs: entry.outputs as unknown as AnyResource["outputs"],
    secretOutputs: entry.secretOutputs ?? [],
    replacedBy: entry.replacedBy ?? [],
  };
}

/** An entry of the catalogue for a function of an SDK. */
export function invocation<Args, Result>(entry: FunctionEntry<Args, Result>): AnyFunction {
  return { answer: entry.answer as unknown as AnyFunction["answer"] };
}

function uuid4(random: Buffer): string {
  const bytes = Buffer.from(random);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const ACCOUNT = "123456789012";

function partitionOf(region: string): [partition: string, dnsSuffix: string] {
  if (region.startsWith("cn-")) return ["aws-cn", "amazonaws.com.cn"];
  return [region.startsWith("us-gov-") ? "aws-us-gov" : "aws", "amazonaws.com"];
}

/** What an entry's functions are given. `identity` decides the plausible values: a URN, or a call with its arguments. */
export function subjectFor(
  identity: string,
  given: Pick<Subject<Properties>, "name" | "inputs" | "region" | "generation" | "registered">,
): Subject<Properties> {
  const { region, generation } = given;
  const [partition, dnsSuffix] = partitionOf(region);
  const seed = generation === 1 ? identity : `${identity}#${generation}`;
  const bytes = (length: number) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, block) =>
      createHash("sha256").update(`${seed}/${block}`).digest(),
    );
    return Buffer.concat(blocks).subarray(0, length);
  };
  return {
    ...given,
    partition,
    dnsSuffix,
    accountId: ACCOUNT,
    bytes,
    hex: (length) => bytes(length).toString("hex").slice(0, length),
    uuid: () => uuid4(bytes(16)),
    arn: (service, resource, regional = true) =>
      `arn:${partition}:${service}:${regional ? region : ""}:${ACCOUNT}:${resource}`,
  };
}
