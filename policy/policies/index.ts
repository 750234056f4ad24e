import type { Policy } from "../policy.ts";
import { containers } from "./containers.ts";
import { data } from "./data.ts";
import { encryption } from "./encryption.ts";
import { hardening } from "./hardening.ts";
import { health } from "./health.ts";
import { identity } from "./identity.ts";
import { network } from "./network.ts";
import { node } from "./node.ts";
import { operation } from "./operation.ts";
import { replicas } from "./replicas.ts";
import { secrets } from "./secrets.ts";
import { tls } from "./tls.ts";

/** What this project promises of every stack. docs/policies.md is made from it. */
export const policies: readonly Policy[] = [
  ...network,
  ...encryption,
  ...tls,
  ...secrets,
  ...identity,
  ...data,
  ...containers,
  ...health,
  ...replicas,
  ...node,
  ...hardening,
  ...operation,
];
