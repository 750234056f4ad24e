// Where Pulumi keeps a stack's state, and what encrypts the secrets in it.

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import type { BackendInUse } from "../pulumi/settings.ts";
import { none } from "./answers.ts";

/** Words for backends that need no more; every other one is named by its URL. */
const words: Readonly<Record<string, string>> = { local: "file://~", cloud: "https://api.pulumi.com" };

/** https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/cmd/pulumi/auth/login.go#L469 */
const schemes = ["file", "s3", "gs", "azblob", "postgres", "https", "http"];

/** The URL of a backend that was answered; undefined for `later`, or for `current` where there is none. */
export function backendUrl(answer: string, current: BackendInUse): string | undefined {
  if (answer === "later") return undefined;
  return answer === "current" ? current.url : (words[answer] ?? answer);
}

/** What is wrong with a backend. */
export function backendProblem(answer: string, current: BackendInUse): string | undefined {
  if (answer === "later") return undefined;
  if (answer === "current")
    return current.url === undefined ? "no state backend is logged in to; name one" : undefined;
  const url = backendUrl(answer, current) ?? "";
  const [, scheme = "", rest = ""] = /^([a-z0-9]+):\/\/(.*)$/.exec(url) ?? [];
  if (!schemes.includes(scheme))
    return `"${answer}" is none of ${Object.keys(words).join(", ")}, current, later, and no URL that starts with ${schemes.map((one) => `${one}://`).join(", ")}`;
  if (rest === "") return `"${answer}" says ${scheme}:// of nothing`;
  const bucket = /^[^/?]*/.exec(rest)?.[0] ?? "";
  if (scheme === "s3" && !isBucketName(bucket))
    return `"${bucket}" is not the name of a bucket: 3 to 63 lower-case letters, digits, hyphens and dots`;
  if (current.decidedBy !== undefined && url !== current.url)
    return `${current.decidedBy} says ${current.url}, which beats any other choice: take that one (current), or change it first`;
  return undefined;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function isBucketName(text: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) && !text.includes("..");
}

/** Whether a backend encrypts by itself, as Pulumi Cloud does. */
export function encryptsItself(url: string | undefined): boolean {
  return url !== undefined && /^https?:/.test(url);
}

/** https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/secrets/cloud/manager.go */
const keyServices = ["awskms", "azurekeyvault", "gcpkms", "hashivault"];

/** What is wrong with a secrets provider, whose key is looked for in a region unless it names one. */
export function secretsProviderProblem(answer: string, region: string | undefined): string | undefined {
  if (answer === "default" || answer === "passphrase") return undefined;
  const [, service = "", key = ""] = /^([a-z]+):\/\/([^?]*)/.exec(answer) ?? [];
  if (!keyServices.includes(service))
    return `"${answer}" is none of default, passphrase, and no URL that starts with ${keyServices.map((one) => `${one}://`).join(", ")}`;
  if (key.replaceAll("/", "") === "" || key === "alias/") return `"${answer}" names no key`;
  return service === "awskms" && !/[?&]region=/.test(withRegion(answer, region))
    ? `"${answer}" names no region, so that it would be another key for everyone; add ?region=<region>`
    : undefined;
}

/** A key of KMS is looked for in a region: that of the stack, unless the URL names one. */
export function withRegion(secretsProvider: string, region: string | undefined): string {
  if (!secretsProvider.startsWith("awskms://") || region === undefined) return secretsProvider;
  const [, named] = /:kms:([a-z0-9-]+):/.exec(secretsProvider) ?? [];
  if (/[?&]region=/.test(secretsProvider)) return secretsProvider;
  return `${secretsProvider}${secretsProvider.includes("?") ? "&" : "?"}region=${named ?? region}`;
}

/** Whether secrets are encrypted with a passphrase. */
export function takesPassphrase(secretsProvider: string | undefined, url: string | undefined): boolean {
  if (secretsProvider === "passphrase") return true;
  return (secretsProvider ?? "default") === "default" && url !== undefined && !encryptsItself(url);
}

/** What a stack's file has to say of the secrets provider, so that `npm run up` makes the stack with it, too. */
export function recordedProvider(secretsProvider: string, url: string | undefined): string | undefined {
  if (secretsProvider === "default") return undefined;
  return secretsProvider === "passphrase" && url !== undefined && !encryptsItself(url)
    ? undefined
    : secretsProvider;
}

/** The file that is meant: `~` is the home folder, since no shell expands it after `=`. */
export function expanded(file: string): string {
  return path.resolve(file.replace(/^~(?=$|[/\\])/, homedir()));
}

/** What is wrong with a file for a passphrase. */
export function passphraseFileProblem(answer: string, projectDirectory: string): string | undefined {
  if (answer === none) return undefined;
  const file = expanded(answer);
  const inside = path.relative(projectDirectory, file);
  if (!inside.startsWith("..") && !path.isAbsolute(inside))
    return `"${answer}" lies in this project, whose files are committed: name one outside`;
  return existsSync(path.dirname(file)) ? undefined : `"${answer}" lies in a folder that does not exist`;
}

/** How a variable is set for the commands that follow, by shell. */
export function settingIn(variable: string, value: string): string[] {
  return [
    `bash, zsh:   export ${variable}='${value}'`,
    `fish:        set -gx ${variable} '${value}'`,
    `PowerShell:  $env:${variable} = '${value}'`,
  ];
}

/** Fewer characters than this are tried out by whoever has the state. */
const leastPassphrase = 12;

/** What is to be said of a passphrase that the environment has already, such as one of a trial; undefined for a good one. */
export function passphraseWarning(environment: NodeJS.ProcessEnv): string | undefined {
  const { PULUMI_CONFIG_PASSPHRASE: passphrase } = environment;
  if (passphrase === undefined || passphrase.length >= leastPassphrase) return undefined;
  return (
    `PULUMI_CONFIG_PASSPHRASE is set here, to ${passphrase.length} characters, and is to encrypt the secrets of this stack: who has ` +
    "the state can guess it. Set a longer one or remove it from this terminal, and begin again."
  );
}

/** What tells a user how to give the passphrase. */
export function passphraseAdvice(): string {
  return [
    "The passphrase encrypts the secrets of the stack. Keep it where you keep passwords: without it they are lost. Pulumi asks for it at each command, unless it is set:",
    "",
    ...settingIn("PULUMI_CONFIG_PASSPHRASE", "<passphrase>"),
  ].join("\n");
}
