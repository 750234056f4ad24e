import type { AwsPlace } from "../../infra/config/aws-command.ts";
import type { AskForPlan } from "../aws/free-plan.ts";
import type { AwsClients } from "../aws/clients.ts";
import type { Check } from "../checks/check.ts";
import type { ResolveCaa, ResolveNs } from "../dns/delegation.ts";
import type { AskRegistry } from "../registry/manifest.ts";
import type { Image } from "../../infra/nango/image.ts";
import type { Place } from "../permissions/place.ts";
import type { Grant } from "../permissions/grant.ts";
import type { Plan } from "./plan.ts";

/** As whom AWS sees the credentials. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
}

/** What is asked besides AWS. */
export interface Network {
  readonly resolveNs: ResolveNs;
  readonly resolveCaa: ResolveCaa;
  readonly registry: AskRegistry;
}

/** What does not need AWS. */
export interface Planned {
  /** The stack's bare name. */
  readonly stack: string;
  readonly region: string;
  readonly plan: Plan;
  readonly image: Image;
  readonly network: Network;
}

/** A stack that is going to be deployed into an account of AWS. */
export interface Subject extends Planned, AwsPlace {
  readonly region: string;
  readonly caller: Caller;
  readonly aws: AwsClients;
  /** Clients for another region. */
  readonly awsIn: (region: string) => Promise<AwsClients>;
  readonly askForPlan: AskForPlan;
  /** What `npm run permissions` derives for this account. */
  readonly permissions: { readonly grants: readonly Grant[]; readonly place: Place };
}

export type AwsCheck = Check<Subject>;
