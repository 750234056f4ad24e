import { spawn, type SpawnOptions } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const require = createRequire(import.meta.url);
const never = new Promise<never>(() => {});

/** What a script that runs in the process of a test imports: what a process of its own would end is ended by `close`. */
export class TaskModules {
  readonly #env: Record<string, string>;
  readonly #cwd: string;
  readonly #clients = new Set<pg.Client>();
  readonly #timers = new Map<NodeJS.Timeout, { work: () => void; milliseconds: number }>();
  #isClosed = false;

  constructor(env: Record<string, string>, cwd: string) {
    this.#env = env;
    this.#cwd = cwd;
  }

  load(module: string): unknown {
    if (module === "node:timers/promises") return { setTimeout: (pause: number) => this.#sleep(pause) };
    if (module === "node:child_process")
      return {
        spawn: (program: string, args: string[], options: SpawnOptions) =>
          spawn(program, args, { cwd: this.#cwd, env: this.#env, ...options }),
      };
    if (module === "pg") return { default: { Client: this.#clientClass() } };
    return require(module);
  }

  startTimer(work: () => void, milliseconds: number): NodeJS.Timeout {
    const timer = setTimeout(work, milliseconds);
    this.#timers.set(timer, { work, milliseconds });
    return timer;
  }

  clearTimer(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#timers.delete(timer);
  }

  expire(seconds: number): void {
    for (const [timer, { work, milliseconds }] of this.#timers) {
      if (milliseconds !== seconds * 1000) continue;
      this.clearTimer(timer);
      work();
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.keys()) this.clearTimer(timer);
    // As the end of a process does, not as `end`, which takes leave of the server.
    for (const client of this.#clients) streamOf(client).destroy();
  }

  #sleep(pause: number): Promise<void> {
    return this.#isClosed ? never : sleep(pause / 20);
  }

  /** Trusts what NODE_EXTRA_CA_CERTS names; node's own roots, which take time to read, sign nothing in a test. */
  #clientClass(): typeof pg.Client {
    const clients = this.#clients;
    const extra = this.#env["NODE_EXTRA_CA_CERTS"];
    const ca = extra ? readFileSync(extra, "utf8") : undefined;
    return class extends pg.Client {
      constructor(config: pg.ClientConfig) {
        super(config);
        clients.add(this);
        const { connection } = this as unknown as { connection: { ssl: object | false } };
        if (ca && connection.ssl) Object.assign(connection.ssl, { ca });
      }
    };
  }
}

function streamOf(client: pg.Client): { destroy(): void } {
  return (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;
}
