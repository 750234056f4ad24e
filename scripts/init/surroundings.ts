import { bareStackName, type Project, stackNames } from "../../project/project.ts";
import { ask, findCli } from "../pulumi/cli.ts";
import { backendInUse } from "../pulumi/settings.ts";
import { type Given, none } from "./answers.ts";
import { delegationOf } from "../dns/delegation.ts";
import { type HostedZones, hostedZones, nameServersOf, zoneNamed } from "./hosted-zones.ts";
import { awsProfiles } from "./profiles.ts";
import type { Surroundings } from "./questions/question.ts";
import { lookUp } from "./time-limit.ts";

/** Looks at this machine; the account is asked when a question needs it. */
export function surroundings(
  project: Project,
  environment: NodeJS.ProcessEnv,
  canAsk: boolean,
): Surroundings {
  const asked = new Map<string, Promise<HostedZones>>();
  const zonesOf = (answers: Given): Promise<HostedZones> => {
    const account = accountOf(answers);
    const key = JSON.stringify(account);
    const answer = asked.get(key) ?? hostedZones(account);
    asked.set(key, answer);
    return answer;
  };
  const backend = backendInUse(project, environment);
  let stacks: Promise<readonly string[]> | undefined;
  return {
    project,
    environment,
    canAsk,
    stacks: stackNames(project),
    profiles: awsProfiles(environment),
    backend,
    stacksInBackend: () => {
      stacks ??= backend.url === undefined ? Promise.resolve([]) : stacksOf(project, environment);
      return stacks;
    },
    hostedZones: zonesOf,
    delegation: async (reference, answers) => {
      const found = await zonesOf(answers);
      const zone = "zones" in found ? zoneNamed(reference, found.zones) : undefined;
      if (zone === undefined) return undefined;
      // Without the permission to read a single zone the question cannot be answered, and does not have to be.
      const servers = await nameServersOf(zone, accountOf(answers)).catch(() => []);
      return servers.length === 0 ? undefined : (await delegationOf(zone.name, servers)).warning;
    },
  };
}

/** The names of the project's stacks in the backend in use; none where it does not answer in time. */
async function stacksOf(project: Project, environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  try {
    return await lookUp(async () => {
      const cli = await findCli(project.minimumVersion, environment);
      const { stdout } = await ask(cli, ["stack", "ls", "--json", "--non-interactive"]);
      const stacks = JSON.parse(stdout) as readonly { readonly name: string }[];
      return stacks.map(({ name }) => bareStackName(name));
    });
  } catch {
    // Whoever cannot be asked now says why when the stack is made.
    return [];
  }
}

function accountOf({ profile, region }: Given) {
  return { profile: profile === none ? undefined : profile, region };
}
