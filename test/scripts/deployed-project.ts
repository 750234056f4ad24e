// A project with a deployed stack `dev`, a Pulumi CLI that answers from files, and an AWS that answers as a test says.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, vi } from "vitest";

/** A Pulumi CLI that answers from files. */
const cli = `#!/bin/sh
case "$1 $2" in
  "version ") echo v3.265.0 ;;
  "stack export") /bin/cat "$FOLDER/state.json" ;;
  "config --show-secrets") /bin/cat "$FOLDER/config.json" ;;
esac
`;

/** The project's folder; a new one for each test. */
export let directory: string;
let server: Server | undefined;

function write(file: string, text: string): void {
  const target = path.join(directory, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
  if (file.startsWith("bin/")) chmodSync(target, 0o755);
}

/**
 * Gives each test of the file a project. Hooks are the file's, and this module is loaded once for several.
 * @param programs Programs on the search path beside the Pulumi CLI, by name.
 * @param searchPath What is searched after them.
 */
export function projectsOfTheirOwn(programs: Readonly<Record<string, string>>, searchPath: string[]): void {
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "deployed-"));
    write("Pulumi.yaml", "name: nango\nruntime: nodejs\nstackConfigDir: stacks\n");
    write("stacks/Pulumi.dev.yaml", "config:\n  aws:region: eu-central-1\n");
    for (const [name, text] of Object.entries({ pulumi: cli, ...programs })) write(`bin/${name}`, text);
    vi.stubEnv("PATH", [`${directory}/bin`, ...searchPath].join(path.delimiter));
    vi.stubEnv("FOLDER", directory);
    vi.stubEnv("DOCKER_HOST", undefined);
    vi.stubEnv("PULUMI_BACKEND_URL", "file:///nowhere");
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "a");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    server?.close();
    server = undefined;
    rmSync(directory, { recursive: true });
  });
}

/** Lets the stack have these resources and this configuration. */
export function deployed(resources: readonly object[], config: Readonly<Record<string, unknown>>): void {
  write("state.json", JSON.stringify({ deployment: { resources } }));
  const entries = Object.entries(config).map(([key, value]) =>
    typeof value === "string" ? [key, { value }] : [key, { objectValue: value }],
  );
  write("config.json", JSON.stringify(Object.fromEntries(entries)));
}

/**
 * Deploys the resources on an AWS whose service answers so.
 * @returns What the service is asked, in order.
 */
export async function deployedOnAws<Asked extends object>(
  service: string,
  resources: readonly object[],
  answer: (asked: Asked, request: IncomingMessage) => { readonly status?: number; readonly body: object },
): Promise<Asked[]> {
  const asked: Asked[] = [];
  const listening = createServer((request, response) => {
    void json(request).then((body) => {
      asked.push(body as Asked);
      const { status = 200, body: text } = answer(body as Asked, request);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(text));
    });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  deployed(resources, {
    "aws:region": "eu-central-1",
    "aws:accessKey": "AKIA",
    "aws:secretKey": "secret",
    "aws:endpoints": [{ [service]: `http://127.0.0.1:${(listening.address() as AddressInfo).port}` }],
  });
  return asked;
}
