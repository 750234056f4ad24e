import type { Check } from "../../checks/check.ts";
import type { AwsCheck, Planned } from "../subject.ts";
import { brought } from "./brought.ts";
import { certificate } from "./certificate.ts";
import { cacheNode, databaseClass, searchInstance } from "./classes.ts";
import { ecrImage, publicImage } from "./image.ts";
import { freePlan, quotas } from "./limits.ts";
import { caa, delegation, hostedZone } from "./names.ts";
import { subnets, vpc } from "./network.ts";
import { permissions } from "./permissions.ts";
import { region, zones } from "./place.ts";
import { restoreSource } from "./restore.ts";
import { networkAcls, routes } from "./routes.ts";

/** What is asked of AWS. */
export const awsChecks: readonly AwsCheck[] = [
  permissions,
  region,
  zones,
  databaseClass,
  cacheNode,
  searchInstance,
  ...quotas,
  freePlan,
  hostedZone,
  delegation,
  certificate,
  vpc,
  subnets,
  routes,
  networkAcls,
  brought,
  restoreSource,
  ecrImage,
];

/** What is asked of others, and needs no credentials. */
export const worldChecks: readonly Check<Planned>[] = [caa, publicImage];
