import type { ParsedConfiguration } from "../../infra/config/parse.ts";
import type { GivenConfiguration } from "../../infra/config/values.ts";
import { parseConfiguration } from "../../infra/config/parse.ts";
import { ConfigurationError } from "../../infra/config/problem.ts";
import type { AwsConfig } from "../../infra/config/stack-config.ts";

/** Settings as texts, as Pulumi hands them over. */
export type Texts = Readonly<Record<string, string>>;

/** Where a configuration is not that of the stack `dev` in eu-central-1. */
export type Surroundings = Partial<Omit<GivenConfiguration, "values">>;

/** What the tests keep of a secret, so that they see that it was concealed. */
export type Concealed = { readonly concealed: string };

/** The least that a legal configuration holds. */
export const leastTexts: Texts = { domain: "nango.example.com", hostedZone: "example.com" };

/** Reads exactly these settings. */
export function parseTexts(values: Texts, surroundings: Surroundings = {}): ParsedConfiguration<Concealed> {
  const given = { stack: "dev", region: "eu-central-1", secretKeys: new Set<string>(), ...surroundings };
  return parseConfiguration({ ...given, values }, (text) => ({ concealed: text }));
}

/** Reads the least configuration with these settings over it. */
export function parse(values: Texts = {}, surroundings: Surroundings = {}): ParsedConfiguration<Concealed> {
  return parseTexts({ ...leastTexts, ...values }, surroundings);
}

/** What the least configuration with these settings over it makes of a stack on AWS. */
export function awsConfig(values: Texts = {}, surroundings: Surroundings = {}): AwsConfig<Concealed> {
  const { config } = parse(values, surroundings);
  if (config.target !== "aws") throw new Error(`the target is ${config.target}`);
  return config;
}

/** The problems that reading something throws, or none. */
export function problemsOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map((problem) => problem.message);
  }
}

/** The problems of the least configuration with these settings over it. */
export function problems(values: Texts, surroundings: Surroundings = {}): string[] {
  return problemsOf(() => parse(values, surroundings));
}
