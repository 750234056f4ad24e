import type { Policy, ResourcePolicy } from "../policy.ts";
import { onProcesses, type Process } from "../processes.ts";

/** Options of Node, as NODE_OPTIONS or a command has them, that undo what is promised elsewhere. */
const undoing: readonly (readonly [RegExp, string])[] = [
  [/^--inspect(-(brk|wait)(-node)?)?(=|$)/, "opens a debugger"],
  [/^--tls-min-v1\.[01]$/, "takes TLS older than 1.2"],
  [/^--tls-keylog(=|$)/, "writes down the keys of its connections"],
  [/^--insecure-http-parser$/, "takes requests that can be read in two ways"],
  [/^--security-revert(=|$)/, "opens a hole again that was closed"],
];

/** Options of a command that starts Node, and settings such as `env NODE_OPTIONS=…` in it. */
function optionsIn(words: readonly string[]): string[] {
  const pieces = words.flatMap((word) => word.split(/[\s"';&|]+/));
  return pieces.some((piece) => /(^|\/)node$/.test(piece)) ? pieces : [];
}

function objectionsTo({ words, variables }: Process): string[] {
  const { NODE_OPTIONS = "", NODE_TLS_REJECT_UNAUTHORIZED: checks } = variables;
  const options = [...optionsIn(words), ...NODE_OPTIONS.split(/\s+/)];
  // Node takes an underscore for a hyphen. https://nodejs.org/docs/latest-v22.x/api/cli.html#options
  const found = options.flatMap((option) => {
    const flag = option.replace(/^NODE_OPTIONS=/, "").replaceAll("_", "-");
    return undoing.filter(([pattern]) => pattern.test(flag)).map(([, why]) => `${why}: ${flag}`);
  });
  // https://nodejs.org/docs/latest-v22.x/api/cli.html#node_tls_reject_unauthorizedvalue
  const isOff = checks === "0" || options.includes("NODE_TLS_REJECT_UNAUTHORIZED=0");
  return [...found, ...(isOff ? ["checks no certificate: NODE_TLS_REJECT_UNAUTHORIZED is 0"] : [])];
}

const nodeSafeguards: ResourcePolicy = {
  name: "node-safeguards",
  level: "mandatory",
  promise: "Node checks certificates, takes no TLS older than 1.2, and opens no debugger.",
  reason:
    "One option undoes it for all that a process does: whoever reaches a debugger runs what they like with its secrets.",
  remedy:
    "Take the option out of NODE_OPTIONS and of the command. A certificate authority of one's own goes into nango:trustedCaPem.",
  link: "https://nodejs.org/docs/latest-v22.x/api/debugger.html",
  judge: (resource) => onProcesses(resource, objectionsTo),
};

export const node: readonly Policy[] = [nodeSafeguards];
