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
  {
    fault: "the role that previews reads and writes states as the one that deploys",
    property: "security",
    find: `needs[purpose === "deploy" ? "deploy" : "preview"].entries()`,
    replace: `needs[purpose === "drift" ? "preview" : "deploy"].entries()`,
    tests: ["bootstrap/"],
  },
  {
    fault: "the key of the states may be deleted",
    property: "data",
    find: `      { parent: this, protect: true, retainOnDelete: true },
    );
    new aws.kms.Alias(`,
    replace: `      { parent: this },
    );
    new aws.kms.Alias(`,
    tests: ["bootstrap/"],
  },
  {
    fault: "the secrets of one stack are read with the key of another",
    property: "security",
    find: `?region=\${region}&context_stack=\${stack}\``,
    replace: `?region=\${region}\``,
    tests: ["bootstrap/", "scripts/bootstrap"],
  },
  {
    fault: "the bound of roles goes before the roles do",
    property: "security",
    find: `      { parent: this, retainOnDelete: true },
    );
  }

  private role(`,
    replace: `      { parent: this },
    );
  }

  private role(`,
    tests: ["bootstrap/"],
  },
  {
    fault: "a role may read all that the key of the states encrypts, by any way",
    property: "security",
    find: `look("kms:Decrypt", [keyArn], throughS3),`,
    replace: `look("kms:Decrypt", [keyArn]),`,
    tests: ["bootstrap/"],
  },
  {
    fault: "the bucket of the states takes what comes without TLS",
    property: "security",
    find: `Condition: { Bool: { "aws:SecureTransport": "false" } },`,
    replace: `Condition: { Bool: { "aws:SecureTransport": "none" } },`,
    tests: ["bootstrap/"],
  },
  {
    fault: "the bucket of the states keeps no older version",
    property: "data",
    find: `versioningConfiguration: { status: "Enabled" }`,
    replace: `versioningConfiguration: { status: "Suspended" }`,
    tests: ["bootstrap/"],
  },
];
