import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { isRecord, type Properties } from "../../project/values.ts";

/** A deployment that ended well. */
export interface Deployed {
  /** As the stack was called. */
  readonly stack: string;
  /** The project's folder. */
  readonly directory: string;
  /** Its outputs, secrets as `[secret]`. */
  readonly outputs: Properties;
  /** Whether `nango:stopped` is set. */
  readonly stopped: boolean;
  /** `nango:alarmEmail`, where it is given. */
  readonly alarmEmail?: string | undefined;
}

/** Whether people read what a deployment with these flags of the CLI prints, and whether it deploys at all. */
export function isForPeople(flags: readonly string[]): boolean {
  return !flags.some((flag) => /^(--json|-j|--preview-only)(=true)?$/.test(flag));
}

/** Where Nango is, how to log in and what comes next, in plain lines; nothing for a stack that tells no address. */
export function afterUp({ stack, directory, outputs, stopped, alarmEmail }: Deployed): string {
  const output = (name: string) => (typeof outputs[name] === "string" ? outputs[name] : undefined);
  const url = output("url");
  if (url === undefined) return "";
  const lines: [label: string, text: string | undefined][] = [
    [
      stopped ? "Nango is stopped" : "Nango is at",
      stopped ? `it serves nothing at ${url} (nango:stopped)` : url,
    ],
    ["DNS", withPrefix("make these records first: ", output("dnsRecords"))],
    ["Log in", logIn(output("dashboardUser"))],
    ["", output("readPassword")],
    ["Callback URL", withPrefix("", output("callbackUrl"), "  (register it with OAuth providers)")],
    ["Connect UI", output("connectUrl")],
    ["Alarms", withPrefix("go to ", alarmEmail, " once the link in the mail of AWS is followed")],
    ["Logs", `npm run logs -- ${stack} --follow`],
    ["Shell", shell(output("openShell"), stack)],
    ["Everything", `npm run outputs -- ${stack}`],
    ["Check it", hasScript(directory, "doctor") ? `npm run doctor -- ${stack}` : undefined],
    [
      "Next",
      existsSync(path.join(directory, "docs/connect.md"))
        ? "connect your product: docs/connect.md"
        : "give your backend the URL and an API key: docs/deploy.md",
    ],
  ];
  const shown = lines.filter(([, text]) => text !== undefined);
  const column = Math.max(...shown.map(([label]) => label.length)) + 2;
  return `\n${shown.map(([label, text]) => `${label.padEnd(column)}${text}`).join("\n")}\n`;
}

function withPrefix(before: string, text: string | undefined, after = ""): string | undefined {
  return text === undefined ? undefined : `${before}${text}${after}`;
}

function logIn(user: string | undefined): string {
  return user === undefined
    ? "with an account of yours (nango:allowSignup lets people make one)"
    : `as ${user}, with the password that this command shows:`;
}

/** Whether there is a way into the container, and which. */
function shell(command: string | undefined, stack: string): string | undefined {
  if (command === undefined) return undefined;
  const call = `npm run shell -- ${stack}`;
  return command.startsWith("npx ") ? `off (nango:executeCommand); ${call} says how to switch it on` : call;
}

/** Whether the project has a command. */
function hasScript(directory: string, name: string): boolean {
  const file = path.join(directory, "package.json");
  const content: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  return isRecord(content) && isRecord(content["scripts"]) && name in content["scripts"];
}
