import type { Place } from "./place.ts";
import type { RecordedResource } from "../../rehearsal/rehearse.ts";

/** What somebody, or a pipeline, does with a stack. */
export const purposes = ["deploy", "preview", "operate"] as const;
export type Purpose = (typeof purposes)[number];

/** `Condition` of a statement: operator, condition key, values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Actions that are allowed on resources. */
export interface Grant {
  readonly for: readonly Purpose[];
  /** `service:Action`, never with a wildcard. */
  readonly actions: readonly string[];
  /** Patterns of ARNs; `*` alone where the service knows nothing narrower. */
  readonly on: readonly string[];
  readonly when: Conditions;
  /** Why it reaches further than what is this project's own, where it does. */
  readonly because?: string;
}

/** What deploying, looking at and deleting a resource takes. */
export interface ResourcePermissions {
  /** The provider's source, which tells what is called. */
  readonly source: string;
  readonly grants: (resource: RecordedResource, place: Place) => readonly Grant[];
}

/** What a function of the provider or a hook of the program takes. */
export interface CallPermissions {
  readonly source: string;
  readonly grants: (place: Place) => readonly Grant[];
}

type Options = Pick<Grant, "because"> & { readonly when?: Conditions };

const granting =
  (...wanted: readonly Purpose[]) =>
  (actions: string, on: readonly string[], { when = {}, ...rest }: Options = {}): Grant => {
    const [service = "", names = ""] = actions.split(/:(.*)/s);
    return {
      for: wanted,
      actions: names
        .trim()
        .split(/\s+/)
        .map((name) => `${service}:${name}`),
      on,
      when,
      ...rest,
    };
  };

/** What reads: everybody does. The actions are `service:` and names, separated by spaces. */
export const look = granting(...purposes);

/** What makes, changes and deletes. */
export const make = granting("deploy");

/** What starts and stops tasks. */
export const run = granting("deploy", "operate");

/** What only those need who look after a stack that is deployed. */
export const operate = granting("operate");

/** The source of the Terraform provider that Pulumi's is made of. */
export const provider = (file: string) =>
  `https://github.com/hashicorp/terraform-provider-aws/blob/8f59f682cd9f38c42893cbeeddcc1953aed246b7/internal/service/${file}`;
