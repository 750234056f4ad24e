import type { Fault } from "./fault.ts";

/** Of the policies and the policy pack. */
export const policies: readonly Fault[] = [
  {
    fault: "a policy is relaxed for all resources in place of one",
    property: "security",
    find: `policy === name && (resources?.includes(resourceName) ?? true),`,
    replace: `policy === name,`,
    tests: ["policy/own"],
  },
  {
    fault: "a policy is relaxed without a reason",
    property: "security",
    find: `...(leastReason.test(reason) ? []`,
    replace: `...(reason !== "" ? []`,
    tests: ["policy/own"],
  },
  {
    fault: "the policy pack advises where it should stop",
    property: "security",
    find: `      enforcementLevel: level,`,
    replace: `      enforcementLevel: "advisory" as typeof level,`,
    tests: ["policy/pack"],
  },
  {
    fault: "the policy pack judges no value that it cannot know yet, and calls it kept",
    property: "other",
    find: `if (error instanceof UnknownValueError) return UNKNOWN;`,
    replace: `if (error instanceof UnknownValueError) return undefined;`,
    tests: ["policy/pack"],
  },
  {
    fault: "a cache that takes connections without TLS, too, passes",
    property: "security",
    find: `(mode) => mode !== "preferred",`,
    replace: `(mode) => mode !== "anything",`,
    tests: ["policy/"],
  },
  {
    fault: "what comes to an open port is a listener's, whatever its port",
    property: "security",
    find: `from === to && ports.includes(Number(from));`,
    replace: `ports.includes(Number(from));`,
    tests: ["policy/"],
  },
  {
    fault: "a security group of a load balancer and of others may be open",
    property: "security",
    find: `groups.length > 0 && groups.every((one) => ofBalancers.includes(one));`,
    replace: `groups.length > 0 && groups.some((one) => ofBalancers.includes(one));`,
    tests: ["policy/"],
  },
  {
    fault: "a policy lets a public bucket pass",
    property: "security",
    find: `const everyone = /\\/groups\\/global\\/(AllUsers|AuthenticatedUsers)$/;`,
    replace: `const everyone = /\\/groups\\/global\\/(AllUsers)$/;`,
    tests: ["policy/"],
  },
  {
    fault: "a policy lets a database go without its backups",
    property: "data",
    find: `            "deleteAutomatedBackups",
            isFalse,`,
    replace: `            "deleteAutomatedBackups",
            () => true,`,
    tests: ["policy/"],
  },
  {
    fault: "a policy lets the encryption key go",
    property: "data",
    find: `(type === "random:index/randomPassword:RandomPassword" && name.endsWith("-encryption-key"))`,
    replace: `(type === "random:index/randomPassword:RandomPassword" && name === "")`,
    tests: ["policy/"],
  },
];
