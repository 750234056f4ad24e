import path from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../../project/user-error.ts";
import { bareStackName, type Project } from "../../project/project.ts";
import { isRecord } from "../../project/values.ts";
import { readyCli } from "../pulumi/ready.ts";
import { notInBackend, type StateResource } from "../pulumi/state.ts";
import { type ContainerEnvironment, describedContainer } from "./container-environment.ts";

/**
 * The environment that the last deployment of the stack gave a container, secrets included.
 * @throws UserError when the Pulumi CLI cannot read the stack's state, or the stack has no such container.
 */
export async function deployedEnvironment(
  project: Project,
  { stack, service }: { readonly stack: string; readonly service: string },
): Promise<ContainerEnvironment> {
  const resources = await stateOf(project, stack);
  const { component, plain, secretNames } = describedContainer(resources, service);
  const values = { ...storedValues(resources), ...containerValues(resources, component, service) };
  const secret = secretNames.map((name) => {
    const value = values[name];
    if (value === undefined) throw new UserError(`The state of stack "${stack}" has no value of ${name}.`);
    return [name, value] as const;
  });
  return { plain, secret: Object.fromEntries(secret) };
}

/**
 * The encryption key that the last deployment of the stack gave its containers, also where it did not end well.
 * @throws UserError when the Pulumi CLI cannot read the stack's state, or no container was given a key yet.
 */
export async function deployedEncryptionKey(project: Project, stack: string): Promise<string> {
  const resources = await stateOf(project, stack);
  const onDocker = resources.filter(({ type }) => type === CONTAINER).map(environmentOf);
  const key = [storedValues(resources), ...onDocker]
    .map(({ NANGO_ENCRYPTION_KEY }) => NANGO_ENCRYPTION_KEY)
    .find((value) => value !== undefined);
  if (key === undefined)
    throw new UserError(`Stack "${stack}" has given no container an encryption key: it is not deployed.`);
  return key;
}

async function stateOf(project: Project, stack: string): Promise<StateResource[]> {
  const { cli, settings } = await readyCli(project, stack, { reachesCloud: false });
  // The automation API calls the first `pulumi` that it finds.
  process.env["PATH"] = `${path.dirname(cli)}${path.delimiter}${process.env["PATH"] ?? ""}`;
  try {
    const workspace = await LocalWorkspace.create({ workDir: project.directory });
    const { deployment } = (await workspace.exportStack(stack)) as {
      deployment?: { resources?: StateResource[] };
    };
    return (deployment?.resources ?? [])
      .filter((resource) => resource.delete !== true)
      .map((resource) => revealed(resource) as StateResource);
  } catch (error) {
    const { commandResult } = error as { commandResult?: { stderr: string } };
    if (commandResult === undefined) throw error;
    // Of its lines only these: the automation API puts the command's standard output, which may hold secrets, among them.
    if (/no stack named/.test(commandResult.stderr))
      throw new UserError(notInBackend(bareStackName(stack), settings.backend));
    const reasons = commandResult.stderr.split("\n").filter((line) => line.startsWith("error: "));
    throw new UserError(`The Pulumi CLI cannot export stack "${stack}".\n${reasons.join("\n")}`);
  }
}

/** https://github.com/pulumi/pulumi/blob/1b5949891b3cefcb9974752b24a5ecef0acc86c8/sdk/go/common/apitype/core.go#L600-L607 */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (!isRecord(value)) return value;
  const { "4dabf18193072939515e22adb298388d": signature, plaintext } = value;
  if (signature === "1b47061264138c4ac30d75fd1eb44270" && typeof plaintext === "string") {
    return revealed(JSON.parse(plaintext));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}

/** On AWS: what Secrets Manager holds for the containers. */
function storedValues(resources: readonly StateResource[]): Record<string, string> {
  const stores = resources.filter(({ type }) => type === "nango:aws:StoredSecret").map(({ urn }) => urn);
  const version = resources.find(
    ({ type, parent = "" }) =>
      type === "aws:secretsmanager/secretVersion:SecretVersion" && stores.includes(parent),
  );
  const text = version?.outputs?.["secretString"];
  return typeof text === "string" ? (JSON.parse(text) as Record<string, string>) : {};
}

/** On Docker: what the container itself was made with. */
function containerValues(
  resources: readonly StateResource[],
  component: StateResource,
  service: string,
): Record<string, string> {
  const container = resources.find(
    ({ type, parent, inputs }) =>
      type === CONTAINER && parent === component.urn && String(inputs?.["name"]).endsWith(`-${service}`),
  );
  return environmentOf(container);
}

const CONTAINER = "docker:index/container:Container";

function environmentOf(container: StateResource | undefined): Record<string, string> {
  const lines = container?.inputs?.["envs"];
  return Object.fromEntries(
    (Array.isArray(lines) ? lines.map(String) : []).map((line) => {
      const end = line.indexOf("=");
      return [line.slice(0, end), line.slice(end + 1)];
    }),
  );
}
