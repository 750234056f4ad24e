import { spawn } from "node:child_process";
import { taskCommand, type TaskScript } from "../../../infra/nango/task-script.ts";
import { Output, type RunningTask, type TaskEnd } from "./task-output.ts";
import { TaskModules } from "./task-modules.ts";

/** The text of a script in infra/nango/tasks, as a container gets it. */
export function taskSource(name: TaskScript): string {
  return taskCommand(name).at(-1)!;
}

/** A script in a process of its own, which hears signals and reads its NODE_ variables as it starts. */
export interface TaskProcess extends RunningTask {
  terminate(): void;
}

/** Starts a script just as a container does: as text, with an environment of its own and nothing beside it. */
export function startProcess(name: TaskScript, env: Record<string, string>, cwd = "/"): TaskProcess {
  const child = spawn(process.execPath, ["--input-type=module", "-e", taskSource(name)], { cwd, env });
  const output = new Output();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => output.write(text));
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  child.once("close", (exitCode) => {
    clearTimeout(timer);
    output.end(exitCode);
  });
  return {
    printed: (pattern) => output.printed(pattern),
    end: output.ended,
    terminate: () => child.kill("SIGTERM"),
  };
}

/** A script in the process of the test. */
export interface Task extends RunningTask {
  /** Lets what the script has limited to that many seconds reach its limit now. */
  expire(seconds: number): void;
}

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...parameters: string[]
) => (...values: unknown[]) => Promise<void>;

/**
 * Starts a script in this process, in a twentieth of the time: `exit` ends the script alone, and its pauses are short.
 * What node does by itself (signals, NODE_ variables) is for `startProcess`.
 */
export function startTask(name: TaskScript, env: Record<string, string>, cwd = "/"): Task {
  const output = new Output();
  const modules = new TaskModules(env, cwd);
  const patience = setTimeout(() => end(null), 20_000);
  const end = (exitCode: number | null): void => {
    clearTimeout(patience);
    output.end(exitCode);
    modules.close();
  };
  const scope = {
    load: (module: string) => modules.load(module),
    console: { log: (line: string) => output.write(`${line}\n`) },
    process: {
      env,
      execPath: process.execPath,
      stdout: { write: (text: string) => output.write(text) },
      on: () => {},
      exit(exitCode: number): never {
        end(exitCode);
        throw new Error("the script has ended");
      },
    },
    setTimeout: (work: () => void, milliseconds: number) => modules.startTimer(work, milliseconds),
    clearTimeout: (timer: NodeJS.Timeout) => modules.clearTimer(timer),
  };
  const source = taskSource(name).replace(
    /^import (?:(\w+)|(\{.*\})) from (".*");$/gm,
    (_, whole: string | undefined, named: string | undefined, module: string) =>
      `const ${whole ? `{ default: ${whole} }` : named?.replaceAll(" as ", ": ")} = load(${module});`,
  );
  new AsyncFunction(...Object.keys(scope), `"use strict";\n${source}`)(...Object.values(scope)).then(
    () => end(0),
    (error: unknown) => {
      output.write(String(error));
      end(1);
    },
  );
  return {
    printed: (pattern) => output.printed(pattern),
    end: output.ended,
    expire: (seconds) => modules.expire(seconds),
  };
}

/** Runs a script to its end: in this process, or in one of its own where its environment is node's concern. */
export function runTask(name: TaskScript, env: Record<string, string>): Promise<TaskEnd> {
  const forNode = Object.keys(env).some((variable) => variable.startsWith("NODE_"));
  return (forNode ? startProcess : startTask)(name, env).end;
}
