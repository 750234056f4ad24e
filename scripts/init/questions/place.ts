// Which stack, and where it is to be.

import { presets } from "../../../infra/config/presets.ts";
import { stackNameProblem } from "../../../project/project.ts";
import { didYouMean } from "../../../infra/config/nearest.ts";
import { settings } from "../../../infra/config/settings.ts";
import { none } from "../answers.ts";
import { problemWith, sizeText } from "../judgement.ts";
import { ownName } from "../../pulumi/checks.ts";
import { isExample } from "../existing-file.ts";
import type { Question, Surroundings } from "./question.ts";

export const stack: Question = {
  name: "stack",
  flag: "stack",
  about: "The name of the stack",
  message: "What is the stack called? One for each environment, such as staging or prod",
  legal: "letters, digits, hyphens, underscores and dots",
  example: () => "staging",
  problem: (name, _, around) =>
    stackNameProblem(name) ?? (around.stacks.includes(name) ? taken(name, around) : undefined),
  warning: async (name, _, around) =>
    (await around.stacksInBackend()).includes(name)
      ? `The state backend ${around.backend.url} has a stack "${name}" already: take another name, or another backend.`
      : undefined,
};

function taken(name: string, around: Surroundings): string {
  const file = `stacks/Pulumi.${name}.yaml`;
  return isExample(around, name)
    ? `"${name}" is an example, ${file}, which an update of this project may change; take another name, such as ${ownName(name)}`
    : `"${name}" has a file already, ${file}; npm run init -- ${name} goes on with it`;
}

/** Everything that says something about AWS alone. */
export const awsOnly: NonNullable<Question["without"]> = ({ target }) =>
  target === "docker" ? "says something about AWS, and the target is docker" : undefined;

export const target: Question = {
  name: "target",
  flag: "target",
  about: "Where Nango runs",
  value: "aws|docker",
  message: "Where is Nango to run?",
  legal: settings.target.legal,
  preset: () => "aws",
  choices: () => [
    { value: "aws", label: "AWS", hint: "in an account of yours" },
    { value: "docker", label: "Docker", hint: "on this machine; needs no account" },
  ],
  problem: (text, answers) => problemWith("target", { ...answers, target: text }),
};

export const profile: Question = {
  name: "profile",
  flag: "profile",
  about: "Whose AWS credentials are used",
  message: "With which AWS profile?",
  legal: "a profile of ~/.aws/config, or none",
  without: (answers, around) =>
    awsOnly(answers, around) ??
    (around.profiles.length === 0 ? "names a profile, and the files of the AWS CLI have none" : undefined),
  preset: () => none,
  isMinor: true,
  choices: (_, { profiles, environment }) => [
    {
      value: none,
      label: "as the AWS CLI chooses",
      hint: environment["AWS_PROFILE"] ?? "environment variables, or the profile default",
    },
    ...profiles.map(({ name, region }) => ({
      value: name,
      label: name,
      ...(region !== undefined && { hint: region }),
    })),
  ],
  problem: (text, _, { profiles }) => {
    const names = profiles.map(({ name }) => name);
    if (text === none || names.includes(text)) return undefined;
    return `there is no profile "${text}": the profiles are ${names.join(", ")}.${didYouMean(text, names)}`;
  },
};

export const region: Question = {
  name: "region",
  flag: "region",
  about: "Where in AWS",
  message: "In which AWS region? It stays with the first deployment",
  legal: "a region, as in eu-central-1",
  without: awsOnly,
  preset: ({ profile }, { environment, profiles }) => {
    const name = profile === none ? (environment["AWS_PROFILE"] ?? "default") : profile;
    const ofProfile = profiles.find((one) => one.name === name)?.region;
    return environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? ofProfile;
  },
  example: () => "eu-central-1",
  problem: (text, answers) => problemWith("region", { ...answers, region: text }),
};

export const size: Question = {
  name: "size",
  flag: "size",
  about: "How large",
  message: "How large? It can be changed later",
  legal: settings.size.legal,
  without: awsOnly,
  preset: () => "small",
  choices: ({ region }) =>
    Object.keys(presets).map((value) => ({ value, label: value, hint: sizeText(value, region) })),
  problem: (text, answers) => problemWith("size", { ...answers, size: text }),
};

export const tags: Question = {
  name: "tags",
  flag: "tags",
  about: "What everything is tagged with",
  message: "Which tags is everything to have?",
  legal: "Key=Value with commas between them, or none",
  without: awsOnly,
  preset: ({ stack }) => (stack === undefined ? "Project=nango" : `Project=nango,Stack=${stack}`),
  problem: (text, answers) => problemWith("tags", { ...answers, tags: text }),
};
