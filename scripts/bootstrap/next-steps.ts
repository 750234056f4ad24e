import type { BootstrapConfig } from "../../bootstrap/configuration.ts";
import type { BootstrapOutputs, StackInPipeline } from "../../bootstrap/outputs.ts";

/** The name of the variable that tells a pipeline of its stacks. */
const variable = "NANGO_PIPELINE";

/** What comes after an account is prepared: the pipeline's variable, its environments, and what stacks' files need. */
export function nextSteps(
  { github, gitlab, branch, stacks: inOrder }: BootstrapConfig,
  { backend, pipeline }: BootstrapOutputs,
  project: string,
): string {
  // Pulumi sorts the names in an output; a pipeline deploys in the order of the file.
  const stacks = inOrder.flatMap((stack) => {
    const inPipeline = pipeline[stack];
    return inPipeline === undefined ? [] : [[stack, inPipeline] as const];
  });
  const json = JSON.stringify(Object.fromEntries(stacks));
  const sections = [
    ...(github === undefined
      ? []
      : [
          [
            "The variable of the pipeline, and the environments that deploy:",
            `gh variable set ${variable} --repo ${github.owner}/${github.name} --body '${json}'`,
            ...stacks.flatMap(([, { environment }]) =>
              environmentCommands(`${github.owner}/${github.name}`, environment, branch),
            ),
          ],
          [
            "Where somebody has to approve a deployment, such as one of production, name who:",
            `https://github.com/${github.owner}/${github.name}/settings/environments`,
          ],
        ]),
    ...(gitlab === undefined
      ? []
      : [
          [
            "The variable of the pipeline:",
            `glab variable set ${variable} --repo ${gitlab.path} --raw '${json}'`,
          ],
        ]),
    ["The state backend, for you as well:", `npx pulumi login '${backend}'`],
    ...stacks.map(([stack, of]) => stackSteps(stack, of, project)),
  ];
  return `${sections.map((lines) => lines.join("\n  ")).join("\n\n")}\n`;
}

/**
 * An environment is made by the first of these, and open to jobs of the one branch only by the second. One that is there
 * is left as it is: to write it anew without its reviewers may take them away.
 * https://docs.github.com/en/rest/deployments/environments#create-or-update-an-environment
 */
function environmentCommands(repository: string, environment: string, branch: string): string[] {
  const of = `repos/${repository}/environments/${environment}`;
  return [
    `gh api --silent ${of} || gh api --silent --method PUT ${of} -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'`,
    `gh api --silent --method POST ${of}/deployment-branch-policies -f name=${branch}`,
  ];
}

function stackSteps(
  stack: string,
  { permissionsBoundary, secretsProvider }: StackInPipeline,
  project: string,
): string[] {
  return [
    `The stack ${stack}, if it is new (docs/bootstrap.md has the way of one that is deployed). Commit what it writes into the file:`,
    `npx pulumi stack init ${stack} --secrets-provider '${secretsProvider}'`,
    `npx pulumi config set -s ${stack} ${project}:permissionsBoundaryArn ${permissionsBoundary}`,
  ];
}
