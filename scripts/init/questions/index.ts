import type { Question } from "./question.ts";
import { allowedCidrs, certificateArn, domain, hostedZone } from "./access.ts";
import { profile, region, size, stack, tags, target } from "./place.ts";
import { backend, passphraseFile, secretsProvider } from "./state.ts";

/** What making a stack takes that has a file. */
export const stateQuestions: readonly Question[] = [backend, secretsProvider, passphraseFile];

/** All of them, in the order in which they are asked. */
export const allQuestions: readonly Question[] = [
  stack,
  target,
  profile,
  region,
  hostedZone,
  domain,
  certificateArn,
  allowedCidrs,
  size,
  tags,
  ...stateQuestions,
];
