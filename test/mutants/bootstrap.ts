import type { Fault } from "./fault.ts";

/** Of what a pipeline is given in an account. */
export const bootstrap: readonly Fault[] = [
  {
    fault: "a job of any branch may deploy, where nobody protects the environment",
    property: "security",
    find: 'if (purpose === "deploy")\n        return [job(`environment:${stack}`, { StringEquals: { [`${host}:ref`]: main } })];',
    replace: 'if (purpose === "deploy") return [job(`environment:${stack}`, {})];',
    tests: ["bootstrap/trust"],
  },
  {
    fault: "whoever takes the repository's name gets its roles",
    property: "security",
    find: "          [`${host}:repository_id`]: id,\n",
    replace: "",
    tests: ["bootstrap/trust"],
  },
  {
    fault: "pull_request_target may preview",
    property: "security",
    find: 'return [onMain, job("pull_request", { StringLike: { [`${host}:ref`]: "refs/pull/*/merge" } })];',
    replace: 'return [onMain, job("pull_request", {})];',
    tests: ["bootstrap/trust"],
  },
  {
    fault: "a fork's merge request may preview",
    property: "security",
    find: "          [`${host}:project_id`]: id,\n",
    replace: "",
    tests: ["bootstrap/trust"],
  },
  {
    fault: "the bucket of the states may be deleted",
    property: "data",
    find: "      // Without it nobody knows what is deployed.\n      { ...parent, protect: true, retainOnDelete: true },",
    replace: "      parent,",
    tests: ["bootstrap/program"],
    only: "is closed, encrypted",
  },
  {
    fault: "a provider of identities that cannot be seen is taken for absent",
    property: "other",
    find: "if (/NoSuchEntity|not found|couldn't find/i.test(message))",
    replace: "if (message !== undefined)",
    tests: ["bootstrap/identity-provider"],
  },
];
