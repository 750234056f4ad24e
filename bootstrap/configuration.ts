import { didYouMean } from "../infra/config/nearest.ts";
import { ConfigurationError, type Problem } from "../infra/config/problem.ts";
import { providerProblems } from "../infra/config/provider-settings.ts";
import { isRegion } from "../infra/config/rules/aws-region.ts";
import { defaultText, type Setting } from "../infra/config/settings/setting.ts";
import { shown } from "../infra/config/shown.ts";
import { type GitHubRepository, type GitLabProject, type Settings, settingsFor } from "./settings.ts";

export const namespace = "nango-bootstrap";

/** What a pipeline is given in an AWS account. */
export interface BootstrapConfig {
  readonly region: string;
  readonly github: GitHubRepository | undefined;
  readonly gitlab: GitLabProject | undefined;
  /** The branch whose jobs deploy. */
  readonly branch: string;
  /** At least one, in the order of deployment. */
  readonly stacks: readonly string[];
  /** Those that jobs of pull requests may preview. */
  readonly pullRequests: readonly string[];
  /** The bucket that the state of the bootstrap itself lies in; undefined until it is there. */
  readonly backend: string | undefined;
}

/** A stack that the pipeline may deploy, as its file has it. */
export interface KnownStack {
  readonly name: string;
  readonly target: "aws" | "docker";
}

/** The configuration of a bootstrap stack as Pulumi hands it over. */
export interface Given {
  /** The name of the bootstrap stack. */
  readonly stack: string;
  /** Texts by whole key: `aws:region`. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Reads the configuration.
 * @throws ConfigurationError with every problem at once.
 */
export function parseConfiguration(given: Given, known: readonly KnownStack[]): BootstrapConfig {
  const { stack, values } = given;
  const settings = settingsFor(known.map(({ name }) => name));
  const problems: Problem[] = [...unknownKeys(given, settings), ...regionProblems(given)];
  const read = <Name extends keyof Settings>(name: Name) => {
    const setting: Setting<unknown> = settings[name];
    const text = values[`${namespace}:${name}`] ?? defaultText(setting);
    const result = setting.schema.safeParse(text);
    if (!result.success) {
      const what = result.error.issues.map(({ message }) => message).join(", and ");
      problems.push(
        problem(
          `${namespace}:${name} = ${shown(text)} ${what}.\nLegal: ${setting.legal}. ${inFile(stack, name, setting)}`,
        ),
      );
    }
    return (result.success ? result.data : undefined) as
      | ReturnType<Settings[Name]["schema"]["parse"]>
      | undefined;
  };
  const config = {
    region: values["aws:region"] ?? "",
    github: read("github"),
    gitlab: read("gitlab"),
    branch: read("branch") ?? "",
    stacks: read("stacks") ?? [],
    pullRequests: read("pullRequests") ?? [],
    backend: read("backend"),
  };
  const told = problems.map(({ message }) => message).join("\n");
  const untold = (...names: readonly (keyof Settings)[]) =>
    names.every((name) => !told.includes(`${namespace}:${name} =`));
  if (untold("github", "gitlab")) problems.push(...nobody(config, stack, settings));
  if (untold("stacks")) problems.push(...stackProblems(config, known, stack, settings));
  if (untold("stacks", "pullRequests")) problems.push(...strangers(config));
  if (problems.length > 0) throw new ConfigurationError(stack, problems);
  return config;
}

const problem = (message: string): Problem => ({ keys: [], message });

/** The file of a bootstrap stack, from the project's folder. */
export const fileOf = (stack: string) => `bootstrap/Pulumi.${stack}.yaml`;

function inFile(stack: string, name: string, { example }: Pick<Setting<unknown>, "example">): string {
  return `For example in ${fileOf(stack)}: \`${namespace}:${name}: ${example}\``;
}

function unknownKeys({ stack, values }: Given, settings: Settings): Problem[] {
  const names = Object.keys(settings);
  const isProviders = (key: string) => key.startsWith("aws:");
  const remove = () => `from ${fileOf(stack)}`;
  const ofProvider = Object.entries(values).filter(([key]) => isProviders(key));
  const strange = Object.keys(values).filter((key) => {
    const [space = "", name = ""] = key.split(/:(.*)/s);
    return !isProviders(key) && !(space === namespace && names.includes(name));
  });
  return [
    ...strange.map((key) => {
      const name = key.replace(/^[^:]*:/, "");
      return problem(
        `${key} is not a setting.${didYouMean(name, names, (near) => `${namespace}:${near}`)} Remove it ${remove()}`,
      );
    }),
    ...providerProblems(Object.fromEntries(ofProvider), stack, remove),
  ];
}

function regionProblems({ stack, values: { "aws:region": region } }: Given): Problem[] {
  const say = (what: string) => [
    problem(`aws:region ${what}. For example in ${fileOf(stack)}: \`aws:region: eu-central-1\``),
  ];
  if (region === undefined) return say("is missing: where the bucket and the key are made");
  return isRegion(region) ? [] : say(`= ${shown(region)} is no region`);
}

function nobody({ github, gitlab }: BootstrapConfig, stack: string, settings: Settings): Problem[] {
  if (github !== undefined || gitlab !== undefined) return [];
  return [
    problem(
      `Neither ${namespace}:github nor ${namespace}:gitlab is given, so that nobody would get the roles. ${inFile(stack, "github", settings.github)}`,
    ),
  ];
}

function stackProblems(
  { stacks }: BootstrapConfig,
  known: readonly KnownStack[],
  stack: string,
  settings: Settings,
): Problem[] {
  if (stacks.length === 0)
    return [
      problem(
        `${namespace}:stacks names no stack: there would be nothing to deploy. ${inFile(stack, "stacks", settings.stacks)}`,
      ),
    ];
  const twice = stacks.filter((name, index) => stacks.indexOf(name) !== index);
  const onDocker = known.filter(({ name, target }) => target === "docker" && stacks.includes(name));
  return [
    ...twice.map((name) => problem(`${namespace}:stacks names ${name} twice: once is enough.`)),
    ...onDocker.map(({ name }) =>
      problem(
        `${namespace}:stacks names ${name}, which runs on Docker (nango:target) and takes no roles in AWS: leave it out.`,
      ),
    ),
  ];
}

function strangers({ stacks, pullRequests }: BootstrapConfig): Problem[] {
  return pullRequests
    .filter((name) => !stacks.includes(name))
    .map((name) =>
      problem(
        `${namespace}:pullRequests names ${name}, which ${namespace}:stacks does not: add it there, or leave it out here.`,
      ),
    );
}
