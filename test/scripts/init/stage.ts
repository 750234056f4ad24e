// What `npm run init` runs on: a project of its own, and a Pulumi CLI that only writes down how it is called.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import type { Conversation } from "../../../scripts/init/conversation.ts";
import { runInit } from "../../../scripts/init/run.ts";
import { rehearse } from "../../rehearse.ts";

export const root = path.resolve(import.meta.dirname, "../../..");

/** Knows the stacks that have a file in `backend`, and salts the stack's file, as the real one does. */
const fakeCli = `#!/bin/sh
echo "$@" >> "$FAKE_FOLDER/calls"
case "$1 $2" in
  "version ") echo v3.265.0 ;;
  "login "*) [ -z "$FAKE_LOGIN_ERROR" ] || exit 255
    mkdir -p "$PULUMI_HOME"; echo "{\\"current\\": \\"$2\\"}" > "$PULUMI_HOME/credentials.json" ;;
  "stack ls") echo '[{"name": "taken"}]' ;;
  "stack select") [ -e "$FAKE_FOLDER/backend/$3" ] || { echo "error: no stack named '$3' found" >&2; exit 255; } ;;
  "stack init") [ -z "$FAKE_INIT_ERROR" ] || exit 255
    touch "$FAKE_FOLDER/backend/$3"; echo "encryptionsalt: v1:salt" >> "$FAKE_FOLDER/stacks/Pulumi.$3.yaml"
    echo "with \${PULUMI_CONFIG_PASSPHRASE_FILE:-the environment}" >> "$FAKE_FOLDER/calls" ;;
esac
`;

/** All that a stack on AWS takes. */
export const flags = [
  "--target=aws",
  "--region=eu-central-1",
  "--hosted-zone=acme.org",
  "--domain=nango.acme.org",
  "--size=small",
  "--tags=Project=nango",
  "--backend=local",
  "--secrets-provider=passphrase",
];

/** A rehearsal that other tests have, too. */
const another: typeof rehearse = () => rehearse({ stack: "local" });

/** How a run ended. */
export interface Run {
  readonly code: number;
  readonly said: string;
  /** The calls of the CLI that were not mere questions. */
  readonly calls: readonly string[];
}

/** A project for each test of a file. */
export class Stage {
  folder = "";

  constructor() {
    beforeEach(() => this.#begin());
    afterEach(() => {
      vi.unstubAllEnvs();
      rmSync(this.folder, { recursive: true });
    });
  }

  #begin(): void {
    const folder = mkdtempSync(path.join(tmpdir(), "init-"));
    this.folder = folder;
    const project = readFileSync(path.join(root, "Pulumi.yaml"), "utf8");
    // The program itself is the real one, so that rehearsals share its process.
    writeFileSync(path.join(folder, "Pulumi.yaml"), project.replace(/^main: infra/m, `main: ${root}/infra`));
    for (const name of ["stacks", "backend", "bin"]) mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, "bin/pulumi"), fakeCli);
    chmodSync(path.join(folder, "bin/pulumi"), 0o755);
    const variables = {
      PATH: `${path.join(folder, "bin")}:/usr/bin:/bin`,
      FAKE_FOLDER: folder,
      PULUMI_HOME: path.join(folder, "home"),
      PULUMI_BACKEND_URL: undefined,
      PULUMI_ACCESS_TOKEN: undefined,
      PULUMI_CONFIG_PASSPHRASE: "correct horse",
      PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
      AWS_PROFILE: undefined,
      AWS_CONFIG_FILE: path.join(folder, "no-config"),
      AWS_SHARED_CREDENTIALS_FILE: path.join(folder, "no-credentials"),
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: "true",
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  }

  /** Runs the command without a terminal; `changes` are made to how it is spoken with. */
  async init(args: readonly string[], changes: Partial<Conversation> = {}, run = another): Promise<Run> {
    let said = "";
    const say = (text: string) => void (said += `${text}\n`);
    const conversation: Conversation = {
      canAsk: false,
      manner: (takesPresets) => ({ takesPresets, ask: undefined, tell: say }),
      show: say,
      agrees: async () => true,
      end: say,
      fail: say,
      ...changes,
    };
    const code = await runInit(args, { directory: this.folder, conversation, rehearse: run });
    return { code, said, calls: this.#calls() };
  }

  #calls(): string[] {
    const log = path.join(this.folder, "calls");
    const lines = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
    return lines.filter((line) => line !== "version" && !line.startsWith("stack ls"));
  }

  /** The path of a stack's file. */
  file(stack: string): string {
    return path.join(this.folder, `stacks/Pulumi.${stack}.yaml`);
  }
}
