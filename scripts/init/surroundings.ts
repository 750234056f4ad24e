import { type Project, stackNames } from "../../project/project.ts";
import { backendInUse, type Environment } from "../pulumi/settings.ts";
import { type Given, none } from "./answers.ts";
import { delegationWarning } from "./delegation.ts";
import { type HostedZones, hostedZones, nameServersOf, zoneNamed } from "./hosted-zones.ts";
import { awsProfiles } from "./profiles.ts";
import type { Surroundings } from "./questions/question.ts";

/** Looks at this machine; the account is asked when a question needs it. */
export function surroundings(project: Project, environment: Environment): Surroundings {
  const asked = new Map<string, Promise<HostedZones>>();
  const zonesOf = (answers: Given): Promise<HostedZones> => {
    const account = accountOf(answers);
    const key = JSON.stringify(account);
    const answer = asked.get(key) ?? hostedZones(account);
    asked.set(key, answer);
    return answer;
  };
  return {
    project,
    environment,
    stacks: stackNames(project),
    profiles: awsProfiles(environment),
    backend: backendInUse(project, environment),
    hostedZones: zonesOf,
    delegation: async (reference, answers) => {
      const found = await zonesOf(answers);
      const zone = "zones" in found ? zoneNamed(reference, found.zones) : undefined;
      if (zone === undefined) return undefined;
      // Without the permission to read a single zone the question cannot be answered, and does not have to be.
      const servers = await nameServersOf(zone, accountOf(answers)).catch(() => []);
      return servers.length === 0 ? undefined : delegationWarning(zone.name, servers);
    },
  };
}

function accountOf({ profile, region }: Given) {
  return { profile: profile === none ? undefined : profile, region };
}
