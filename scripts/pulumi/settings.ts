import { existsSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import path from "node:path";
import type { AwsPlace } from "../../infra/config/aws-command.ts";
import {
  bareStackName,
  type Project,
  readStackConfiguration,
  readStackDocument,
} from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";

/** What the Pulumi CLI will find for a stack before it looks at its state. */
export interface Settings {
  /** The lowest version of the CLI that the project takes. */
  readonly minimumVersion: string;
  /** The URL of the state backend; undefined if none is chosen, `encrypted` if only the CLI can read which. */
  readonly backend: string | undefined;
  readonly secretsProvider: string | undefined;
  /** Whether the stack's file has the salt or key that it gets when the stack is made in a backend. */
  readonly wasMade: boolean;
  /** The stack's configuration, by key. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** @throws UserError for a stack that has no file; it names those that have. */
export function readSettings(project: Project, stack: string, environment: NodeJS.ProcessEnv): Settings {
  // In Pulumi Cloud a stack may be called by its full name, organization/project/stack.
  const name = bareStackName(stack);
  const config = readStackConfiguration(project, name);
  const stackFile = readStackDocument(project, name);
  return {
    minimumVersion: project.minimumVersion,
    backend: backendInUse(project, environment).url,
    secretsProvider: text(stackFile["secretsprovider"]),
    wasMade: "encryptionsalt" in stackFile || "encryptedkey" in stackFile,
    config,
  };
}

/** Where a configuration says that the stack is in AWS. */
export function placeIn(config: Readonly<Record<string, unknown>>): AwsPlace {
  return { region: text(config["aws:region"]), profile: text(config["aws:profile"]) };
}

/** The state backend in use, and what says so. */
export interface BackendInUse {
  /** Undefined if none is chosen, `encrypted` if only the CLI can read which. */
  readonly url: string | undefined;
  /** The variable or the file that beats a login; undefined for a login. */
  readonly decidedBy: string | undefined;
}

/** Finds the state backend as the CLI does. */
export function backendInUse(project: Project, environment: NodeJS.ProcessEnv): BackendInUse {
  const [fromVariable, fromProject] = [text(environment["PULUMI_BACKEND_URL"]), text(project.backendUrl)];
  if (fromVariable !== undefined) return { url: fromVariable, decidedBy: "PULUMI_BACKEND_URL" };
  if (fromProject !== undefined) return { url: fromProject, decidedBy: "backend in Pulumi.yaml" };
  return { url: loginOf(environment), decidedBy: undefined };
}

/** https://github.com/pulumi/pulumi/blob/1b5949891b3cefcb9974752b24a5ecef0acc86c8/sdk/go/common/workspace/creds.go#L325-L420 */
function loginOf(environment: NodeJS.ProcessEnv): string | undefined {
  const folder = text(environment["PULUMI_CREDENTIALS_PATH"]) ?? pulumiHome(environment);
  const file = path.join(folder, "credentials.json");
  const credentials = readCredentials(file);
  if ("$pulumiSecureStore" in credentials) return "encrypted";
  // With a token alone, the CLI logs in to Pulumi Cloud.
  const cloud = text(environment["PULUMI_ACCESS_TOKEN"]) === undefined ? undefined : "https://api.pulumi.com";
  return text(credentials["current"]) ?? cloud;
}

/** What the CLI keeps of logins, in JSON; empty where there is none. */
function readCredentials(file: string): Readonly<Record<string, unknown>> {
  const text = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (text === "") return {};
  try {
    const content: unknown = JSON.parse(text);
    return isRecord(content) ? content : {};
  } catch (error) {
    throw new UserError(
      `cannot read ${file}, in which Pulumi keeps logins: ${error instanceof Error ? error.message : String(error)}. ` +
        "Move it away, and log in again: npx pulumi login <backend>",
    );
  }
}

/**
 * The folder in which the CLI keeps what is its own: below the home of the account, also where `HOME` is another.
 * https://github.com/pulumi/pulumi/blob/v3.274.1/sdk/go/common/util/pulumihome/pulumihome.go#L31-L49
 */
export function pulumiHome(environment: NodeJS.ProcessEnv): string {
  return text(environment["PULUMI_HOME"]) ?? path.join(homeOfAccount(), ".pulumi");
}

function homeOfAccount(): string {
  try {
    return userInfo().homedir;
  } catch {
    // An account that the system does not know, as in some containers.
    return homedir();
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
