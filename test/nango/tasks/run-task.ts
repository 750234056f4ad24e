import { spawn } from "node:child_process";
import { taskCommand, type TaskScript } from "../../../infra/nango/task-script.ts";

/** The text of a script in infra/nango/tasks, as a container gets it. */
export function taskSource(name: TaskScript): string {
  return taskCommand(name).at(-1)!;
}

export interface TaskEnd {
  readonly exitCode: number | null;
  readonly output: string;
  readonly lastLine: string;
}

export interface RunningTask {
  /** Resolves once the output matches, with the match. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  terminate(): void;
  readonly end: Promise<TaskEnd>;
}

/** Starts a script just as a container does: as text, with an environment of its own and nothing beside it. */
export function startTask(name: TaskScript, env: Record<string, string>, cwd = "/"): RunningTask {
  const child = spawn(process.execPath, ["--input-type=module", "-e", taskSource(name)], { cwd, env });
  let output = "";
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const watcher of watchers) watcher();
    });
  }
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const end = new Promise<TaskEnd>((resolve) => {
    child.once("close", (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, output, lastLine: output.trimEnd().split("\n").at(-1) ?? "" });
    });
  });
  const printed = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(output);
        if (match) resolve(match);
      };
      watchers.add(look);
      look();
      void end.then(() => reject(new Error(`ended without printing ${pattern}:\n${output}`)));
    });
  return { printed, end, terminate: () => child.kill("SIGTERM") };
}

/** Runs a script to its end. */
export function runTask(name: TaskScript, env: Record<string, string>, cwd?: string): Promise<TaskEnd> {
  return startTask(name, env, cwd).end;
}
