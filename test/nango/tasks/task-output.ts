export interface TaskEnd {
  readonly exitCode: number | null;
  readonly output: string;
  readonly lastLine: string;
}

export interface RunningTask {
  /** Resolves once the output matches, with the match. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  readonly end: Promise<TaskEnd>;
}

/** What a script prints until its end. */
export class Output {
  readonly ended: Promise<TaskEnd>;
  #text = "";
  #isOver = false;
  #resolve: (end: TaskEnd) => void = () => {};
  readonly #watchers = new Set<() => void>();

  constructor() {
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Of a script that has ended, nothing is heard. */
  write(text: string): void {
    if (this.#isOver) return;
    this.#text += text;
    for (const watcher of this.#watchers) watcher();
  }

  /** The first end counts. */
  end(exitCode: number | null): void {
    this.#isOver = true;
    const output = this.#text;
    this.#resolve({ exitCode, output, lastLine: output.trimEnd().split("\n").at(-1) ?? "" });
  }

  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(this.#text);
        if (match) resolve(match);
      };
      this.#watchers.add(look);
      look();
      void this.ended.then(({ output }) =>
        reject(new Error(`ended without printing ${pattern}:\n${output}`)),
      );
    });
  }
}
