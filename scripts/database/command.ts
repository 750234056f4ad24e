import { once } from "node:events";
import { existsSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { awsClientOptions } from "../../infra/aws/deploying/client-options.ts";
import { endpointOf } from "../../infra/aws/deploying/credentials.ts";
import { type CommandLine, wrong } from "../../project/command.ts";
import { bareStackName, type Project, readProject, readStackConfiguration } from "../../project/project.ts";
import { wholeNumber } from "../../project/whole-number.ts";
import { nameOf } from "../../project/urns.ts";
import { UserError } from "../../project/user-error.ts";
import { deployedEnvironment } from "../env/deployed.ts";
import { awsRefusal } from "../pulumi/aws-refusal.ts";
import { type DeployedStack, readDeployedStack } from "../pulumi/deployed-stack.ts";
import { findEngine } from "../pulumi/docker-engine.ts";
import { database, type Deed, deeds } from "./arguments.ts";
import { inContainer } from "./container.ts";
import { connectionText, type Login, loginFiles, loginIn } from "./login.ts";
import { refuseWithout } from "./programs.ts";
import { refuseOldPgDump, toolFor, type Wish, type Words, wordsFor } from "./tools.ts";
import { forward, freePort, permissions, startTunnelTask, tunnelTask } from "./tunnel.ts";

export interface Surroundings {
  /** The project's folder. */
  readonly directory: string;
  /** Whether a person reads standard output and can answer. */
  readonly canAsk: boolean;
  readonly say: (text: string) => void;
  readonly confirmed: (question: string) => Promise<boolean>;
  /** Hands the terminal to a program; answers its exit code. */
  readonly run: (
    words: Words,
    streams?: { readonly input?: string; readonly output?: string },
  ) => Promise<number>;
  /** Aborted when the person presses Ctrl-C. */
  readonly signal: AbortSignal;
}

type Values = CommandLine<(typeof database)["flags"]>["values"];

/** What is to be done with which database of a stack. */
interface Chosen {
  readonly project: Project;
  readonly stack: string;
  readonly deed: Deed;
  readonly values: Values;
  readonly deployed: DeployedStack;
}

/**
 * Runs `npm run database`.
 * @returns The exit code.
 * @throws UserError that says what is missing, before anything is started.
 */
export async function reached(
  { values, positionals: [stack = "", given = "psql"] }: CommandLine<(typeof database)["flags"]>,
  surroundings: Surroundings,
): Promise<number> {
  const deed = readDeed(given, values);
  const project = readProject(surroundings.directory);
  readStackConfiguration(project, bareStackName(stack));
  if (deed === "psql" && values.command === undefined && !surroundings.canAsk)
    throw new UserError("psql takes a terminal, and this is none: give it --command.");
  const deployed = await readDeployedStack(project, stack);
  const chosen = { project, stack, deed, values, deployed };
  if (deed === "restore" && !(await mayRestore(chosen, surroundings))) return 1;
  const reaching = deployed.target === "docker" ? onDocker : onAws;
  if (deed === "dump") return whole(chosen, surroundings, reaching);
  const code = await reaching(chosen, surroundings);
  if (deed === "restore" && code === 0) surroundings.say(`${values.file} is put back, all of it.\n`);
  return code;
}

/** Leaves no dump that is not whole, which could be taken for one. */
async function whole(
  chosen: Chosen,
  surroundings: Surroundings,
  dump: (chosen: Chosen, surroundings: Surroundings) => Promise<number>,
): Promise<number> {
  const { file = "" } = chosen.values;
  let code = 1;
  try {
    code = await dump(chosen, surroundings);
    const written = statSync(file, { throwIfNoEntry: false });
    if (code === 0 && written !== undefined)
      surroundings.say(`${file} is whole: ${Math.ceil(written.size / 1024)} KiB.\n`);
    return code;
  } finally {
    if (code !== 0 && existsSync(file)) {
      rmSync(file);
      surroundings.say(`${file} is not whole, and is removed.\n`);
    }
  }
}

/** @throws UsageError, UserError */
function readDeed(given: string, { file, command, write, port }: Values): Deed {
  const deed = deeds.find((name) => name === given);
  if (deed === undefined) throw wrong(database, `"${given}" is none of ${deeds.join(", ")}`);
  const takesFile = deed === "dump" || deed === "restore";
  if (takesFile !== (file !== undefined))
    throw wrong(database, takesFile ? `${deed} needs --file` : `--file is for dump and restore`);
  if (command !== undefined && deed !== "psql") throw wrong(database, "--command is for psql");
  if (write === true && takesFile) throw wrong(database, "--write is for psql and tunnel");
  if (port !== undefined) wholeNumber(database, "--port", port, 65_535);
  if (
    deed === "restore" &&
    file !== undefined &&
    statSync(file, { throwIfNoEntry: false })?.isFile() !== true
  )
    throw new UserError(`There is no file ${file}.`);
  if (deed === "dump" && file !== undefined && !existsSync(path.dirname(file)))
    throw new UserError(`There is no folder ${path.dirname(file)} for the dump.`);
  if (deed === "dump" && file !== undefined && existsSync(file))
    throw new UserError(`${file} is there already: name another file, or remove it.`);
  return deed;
}

async function mayRestore(
  { deployed, values }: Chosen,
  { canAsk, confirmed }: Surroundings,
): Promise<boolean> {
  if (values.yes === true) return true;
  if (!canAsk)
    throw new UserError("Whether to put a dump back is asked at a terminal, and this is none: add --yes.");
  return confirmed(
    `Put ${values.file} into the ${values.records === true ? "records " : ""}database of ${deployed.name}?`,
  );
}

/** The database as Nango's server is given it. @throws UserError where there is no such one. */
async function loginOf({ project, stack, deployed, values }: Chosen): Promise<Login> {
  const { secret } = await deployedEnvironment(project, { stack, service: "server" });
  const url = values.records === true ? secret["RECORDS_DATABASE_URL"] : secret["NANGO_DATABASE_URL"];
  if (url === undefined)
    throw new UserError(
      `Stack "${deployed.name}" has no records database of its own: records lie in the main one.`,
    );
  const login = loginIn(url);
  return values.host === undefined ? login : { ...login, host: values.host };
}

/** What the stack trusts besides public authorities. */
async function certificatesOf({ project, stack }: Chosen): Promise<string> {
  try {
    const { plain } = await deployedEnvironment(project, { stack, service: "write-certificates" });
    return plain["CERTIFICATES_PEM"] ?? "";
  } catch (error) {
    if (error instanceof UserError) return "";
    throw error;
  }
}

function wishOf({ deed, values: { command, file } }: Chosen): Wish | undefined {
  return deed === "tunnel" ? undefined : { deed, command, file };
}

function isReadOnly({ deed, values }: Chosen): boolean {
  return deed !== "restore" && values.write !== true;
}

async function onAws(chosen: Chosen, surroundings: Surroundings): Promise<number> {
  const { deployed } = chosen;
  const { name, state, provider } = deployed;
  const task = tunnelTask(state);
  if (task === undefined)
    throw new UserError(
      `Stack "${name}" has nothing to reach its database through yet: npm run up -- ${name}`,
    );
  const wish = wishOf(chosen);
  refuseWithout(["aws", "session-manager-plugin", ...(wish === undefined ? [] : [toolFor(wish)])]);
  const version = serverVersion(chosen);
  if (wish?.deed === "dump" && version !== undefined) await refuseOldPgDump(version);
  const login = await loginOf(chosen);
  const { ECS } = await import("@aws-sdk/client-ecs");
  const ecs = new ECS(await awsClientOptions(provider, "ecs"));
  const say = (line: string) => surroundings.say(`${line}\n`);
  try {
    const started = await startTunnelTask(ecs, task, say, surroundings.signal);
    try {
      const [credentials, region] = await Promise.all([ecs.config.credentials(), ecs.config.region()]);
      const variables = {
        ...process.env,
        // So that it acts as the provider does, whichever role that assumes.
        AWS_PROFILE: undefined,
        AWS_DEFAULT_PROFILE: undefined,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
        AWS_ENDPOINT_URL_SSM: endpointOf(provider, ["ssm"]) ?? process.env["AWS_ENDPOINT_URL_SSM"],
      };
      const localPort = await localPortOf(chosen);
      const forwarding = await forward(
        started.target,
        { ...login, localPort },
        { region, variables },
        surroundings.signal,
      );
      try {
        const code = await work(chosen, { login, localPort, ended: forwarding.ended }, surroundings);
        const end =
          code === 0 ? undefined : await Promise.race([forwarding.ended, Promise.resolve(undefined)]);
        if (end !== undefined) say(`The way to the database has ended: ${end}`);
        return code;
      } finally {
        await forwarding.end();
      }
    } finally {
      await started.stop();
      say("The task is stopped.");
    }
  } catch (error) {
    throw awsRefusal(error, name, permissions);
  } finally {
    ecs.destroy();
  }
}

/** The version of a database that the stack makes, as the last deployment saw it. */
function serverVersion({ deployed, values }: Chosen): string | undefined {
  const name = values.records === true ? "nango-records" : "nango-database";
  const instance = deployed.state.resources.find(
    ({ type, urn }) => type === "aws:rds/instance:Instance" && nameOf(urn) === name,
  );
  const version = instance?.inputs?.["engineVersion"];
  return typeof version === "string" ? version : undefined;
}

async function localPortOf({ values }: Chosen): Promise<number> {
  return values.port === undefined ? freePort() : Number(values.port);
}

/** The database, and the port of this machine that leads there; undefined where no port is needed. */
interface Way {
  readonly login: Login;
  readonly localPort: number | undefined;
  /** Fulfilled when it leads nowhere any more. */
  readonly ended: Promise<string>;
}

/** Does what is wanted, with the programs of this machine. */
async function work(
  chosen: Chosen,
  { login, localPort, ended }: Way,
  surroundings: Surroundings,
): Promise<number> {
  const files = loginFiles(login, await certificatesOf(chosen));
  try {
    const readOnly = isReadOnly(chosen);
    const connection = connectionText(login, files, { localPort, port: login.port, readOnly });
    const wish = wishOf(chosen);
    if (wish !== undefined) return await surroundings.run(wordsFor(wish, connection));
    surroundings.say(
      `Until Ctrl-C this leads to the database, for any program that takes a text for libpq:\n\n  psql ${JSON.stringify(connection)}\n\n` +
        `User ${login.user}, password in ${files.passwords}; both files are removed in the end.\n`,
    );
    const end = await Promise.race([aborted(surroundings.signal), ended]);
    if (end === undefined) return 0;
    throw new UserError(`The way to the database has ended: ${end}`);
  } finally {
    files.remove();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

/** The stack's own Postgres has the programs in its container; one that is brought is reached from here. */
async function onDocker(chosen: Chosen, surroundings: Surroundings): Promise<number> {
  const { deployed } = chosen;
  const { state, settings } = deployed;
  const login = await loginOf(chosen);
  const container = state.resources.find(
    ({ type, urn }) => type === "docker:index/container:Container" && nameOf(urn) === "nango-postgres",
  );
  const wish = wishOf(chosen);
  if (container === undefined || login.host !== "postgres") {
    refuseWithout(wish === undefined ? [] : [toolFor(wish)]);
    const here = login.host === "host.docker.internal" ? { ...login, host: "localhost" } : login;
    return work(chosen, { login: here, localPort: undefined, ended: new Promise(() => {}) }, surroundings);
  }
  if (wish === undefined)
    throw new UserError(
      `Postgres on a laptop listens in the stack's network only, and no port leads there: npm run database -- ${deployed.name} psql, dump or restore.`,
    );
  const { host } = await findEngine(settings.config, process.env);
  const { words, ...streams } = inContainer(wish, {
    host,
    container: String(container.inputs?.["name"]),
    login,
    readOnly: isReadOnly(chosen),
  });
  return surroundings.run(words, streams);
}
