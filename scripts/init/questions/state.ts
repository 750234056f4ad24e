// Where the state is kept, and what encrypts the secrets in it.

import { hasPassphrase } from "../../pulumi/checks.ts";
import { type Given, none } from "../answers.ts";
import {
  backendProblem,
  backendUrl,
  encryptsItself,
  passphraseFileProblem,
  secretsProviderProblem,
  takesPassphrase,
  withRegion,
} from "../state.ts";
import type { Choice, Question, Surroundings } from "./question.ts";

export const backend: Question = {
  name: "backend",
  flag: "backend",
  about: "Where Pulumi keeps the state",
  value: "url",
  message: "Where is Pulumi to keep the state, its record of what it made?",
  legal:
    "local (~/.pulumi), cloud (Pulumi Cloud), s3://<bucket>?region=<region>, current (logged in to), later",
  preset: (_, { backend }) => (backend.url === undefined ? "local" : "current"),
  example: ({ region }) => `s3://<bucket>?region=${region ?? "eu-central-1"}`,
  choices: (_, { backend }): readonly Choice[] => {
    const current: Choice = { value: "current", label: `${backend.url}`, hint: "logged in to" };
    if (backend.decidedBy !== undefined) return [{ ...current, hint: backend.decidedBy }];
    return [
      ...(backend.url === undefined ? [] : [current]),
      { value: "local", label: "a folder of mine", hint: "~/.pulumi; no account, for one person" },
      { value: undefined, label: "an S3 bucket or another URL", hint: "for a team" },
      { value: "cloud", label: "Pulumi Cloud", hint: "app.pulumi.com" },
      { value: "later", label: "decide later", hint: "only the stack's file is written" },
    ];
  },
  problem: async (text, { stack = "" }, around) => {
    const problem = backendProblem(text, around.backend);
    const isOther = backendUrl(text, around.backend) !== around.backend.url;
    // With a file the stack may be one's own.
    if (problem !== undefined || isOther || around.stacks.includes(stack)) return problem;
    return (await around.stacksInBackend()).includes(stack)
      ? `${around.backend.url} has a stack "${stack}" already; begin again with another name, or take another backend`
      : undefined;
  },
};

export const secretsProvider: Question = {
  name: "secretsProvider",
  flag: "secrets-provider",
  about: "What encrypts the secrets",
  value: "provider",
  message: "What is to encrypt the secrets? It is decided when the stack is made",
  legal: "passphrase, default (the backend's own), or awskms://alias/<name>?region=<region>",
  preset: ({ backend = "later" }, around) => {
    const url = backendUrl(backend, around.backend);
    return url === undefined || encryptsItself(url) ? "default" : "passphrase";
  },
  example: ({ region }) => `awskms://alias/<name>?region=${region ?? "eu-central-1"}`,
  choices: ({ backend = "later" }, around) => {
    const url = backendUrl(backend, around.backend);
    return [
      ...(url === undefined || encryptsItself(url)
        ? [{ value: "default", label: "the backend itself", hint: "a passphrase, except in Pulumi Cloud" }]
        : []),
      { value: "passphrase", label: "a passphrase", hint: "which everyone who deploys has to know" },
      {
        value: undefined,
        label: "a key of AWS KMS",
        hint: "for a team: awskms://alias/<name>?region=<region>",
      },
    ];
  },
  kept: (text, answers, around) => withRegion(text, regionFor(answers, around)),
  problem: (text, answers, around) => secretsProviderProblem(text, regionFor(answers, around)),
};

/** The region of the stack, or else the one in which the AWS CLI would look for a key. */
function regionFor({ region }: Given, { environment }: Surroundings): string | undefined {
  return region ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"];
}

export const passphraseFile: Question = {
  name: "passphraseFile",
  flag: "passphrase-file",
  about: "Who keeps the passphrase",
  value: "file",
  message: "Who keeps the passphrase?",
  legal: "a file that holds the passphrase or is to hold a new one; or set PULUMI_CONFIG_PASSPHRASE",
  without: ({ backend = "later", secretsProvider }, around) => {
    const url = backendUrl(backend, around.backend);
    if (url === undefined) return "is for the stack that is made, and that is for later";
    if (!takesPassphrase(secretsProvider, url)) return "is for a passphrase, and none is needed";
    return hasPassphrase(around.environment) ? "is for a passphrase, and the environment has one" : undefined;
  },
  example: ({ stack }) => `~/.nango-${stack}-passphrase`,
  choices: ({ stack }) => [
    { value: none, label: "I do", hint: "Pulumi asks for it" },
    {
      value: `~/.nango-${stack}-passphrase`,
      label: "a file",
      hint: `~/.nango-${stack}-passphrase, with a new one that only you can read`,
    },
    { value: undefined, label: "another file", hint: "one that holds it, or is to hold a new one" },
  ],
  preset: (_, { canAsk }) => (canAsk ? none : undefined),
  problem: (text, _, { project, canAsk }) =>
    text === none && !canAsk
      ? "Pulumi cannot ask for the passphrase without a terminal"
      : passphraseFileProblem(text, project.directory),
};
