import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readCommandLine } from "../../../project/command.ts";
import { UserError } from "../../../project/user-error.ts";
import { shell as table } from "../../../scripts/shell/arguments.ts";
import { opening } from "../../../scripts/shell/command.ts";
import { resource } from "../pulumi/state.ts";

/** A Pulumi CLI that answers from files. */
const cli = `#!/bin/sh
case "$1 $2" in
  "version ") echo v3.265.0 ;;
  "stack export") /bin/cat "$FOLDER/state.json" ;;
  "config --show-secrets") /bin/cat "$FOLDER/config.json" ;;
esac
`;

/** A Docker CLI on whose engine the server runs, and Connect UI does not. */
const docker = `#!/bin/sh
case "$*" in
  *"context inspect"*) echo "laptop unix:///laptop.sock" ;;
  *version*) echo '{"Version":"27.0","ApiVersion":"1.46"}' ;;
  *inspect*nango-dev-server) echo true ;;
  *inspect*) echo false ;;
esac
`;

let directory: string;
let server: Server | undefined;

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
  writeFileSync(path.join(directory, file), text);
  if (file.startsWith("bin/")) chmodSync(path.join(directory, file), 0o755);
}

function deployed(resources: readonly object[], config: Readonly<Record<string, unknown>>): void {
  write("state.json", JSON.stringify({ deployment: { resources } }));
  const entries = Object.entries(config).map(([key, value]) =>
    typeof value === "string" ? [key, { value }] : [key, { objectValue: value }],
  );
  write("config.json", JSON.stringify(Object.fromEntries(entries)));
}

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "shell-"));
  write("Pulumi.yaml", "name: nango\nruntime: nodejs\nstackConfigDir: stacks\n");
  write("stacks/Pulumi.dev.yaml", "config:\n  aws:region: eu-central-1\n");
  for (const [name, text] of Object.entries({ pulumi: cli, docker, aws: "", "session-manager-plugin": "" }))
    write(`bin/${name}`, text);
  vi.stubEnv("PATH", `${directory}/bin`);
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

const open = (args: readonly string[], hasTerminal = true) =>
  opening(readCommandLine<(typeof table)["flags"]>(table, args, {}), { directory, hasTerminal });

const arn = (id: string) => `arn:aws:ecs:eu-central-1:123456789012:task/nango-c/${id}`;
const task = (id: string, agent?: string, lastStatus = "RUNNING") => ({
  taskArn: arn(id),
  lastStatus,
  containers: [
    {
      name: "server",
      managedAgents: agent === undefined ? [] : [{ name: "ExecuteCommandAgent", lastStatus: agent }],
    },
    {
      name: "connect-ui",
      managedAgents: [{ name: "ExecuteCommandAgent", lastStatus: "STOPPED", reason: "no" }],
    },
  ],
});

/** Deploys on AWS, whose ECS has these tasks, or refuses. */
async function onAws(tasks: readonly object[] | "refuses", executeCommand = true): Promise<object[]> {
  const asked: object[] = [];
  server = createServer((request, response) => {
    void json(request).then((body) => {
      asked.push(body as object);
      const operation = String(request.headers["x-amz-target"]).split(".")[1];
      const list = tasks === "refuses" ? [] : tasks;
      const answer =
        operation === "ListTasks"
          ? { taskArns: list.map((_, index) => arn(String(index))) }
          : { tasks: list };
      const refusal = { __type: "AccessDeniedException", message: "You may not" };
      response.writeHead(tasks === "refuses" ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(tasks === "refuses" ? refusal : answer));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  deployed(
    [
      resource("aws:ecs/cluster:Cluster", "nango", { outputs: { name: "nango-c" } }),
      resource("aws:ecs/service:Service", "nango", {
        inputs: { enableExecuteCommand: executeCommand },
        outputs: { name: "nango-s" },
      }),
    ],
    {
      "aws:region": "eu-central-1",
      "aws:accessKey": "AKIA",
      "aws:secretKey": "secret",
      "aws:endpoints": [{ ecs: endpoint }],
    },
  );
  return asked;
}

describe("on AWS", () => {
  test("a task that lets a shell in is found, and the AWS CLI acts as the provider does", async () => {
    const asked = await onAws([task("starting", "RUNNING", "PENDING"), task("old"), task("new", "RUNNING")]);
    vi.stubEnv("AWS_PROFILE", "another");
    const opened = await open(["dev"]);
    expect(asked[0]).toEqual({ cluster: "nango-c", serviceName: "nango-s", desiredStatus: "RUNNING" });
    expect(opened).toMatchObject({
      words:
        `aws ecs execute-command --region eu-central-1 --cluster nango-c --task ${arn("new")} --container server --interactive --command /bin/bash`.split(
          " ",
        ),
      variables: { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "secret" },
    });
    expect(opened).toHaveProperty("variables.AWS_PROFILE", undefined);
    expect(opened).toHaveProperty("variables.AWS_SESSION_TOKEN", undefined);
  });

  test("what switches it on is said where it is off, before AWS is asked", async () => {
    const asked = await onAws([task("new", "RUNNING")], false);
    await expect(open(["dev"])).rejects.toThrow(
      "npx pulumi config set -s dev nango:executeCommand true\n  npm run up -- dev",
    );
    expect(asked).toEqual([]);
  });

  test.each([
    ["aws", "The command aws is missing, the AWS CLI: https://"],
    ["session-manager-plugin", "The command session-manager-plugin is missing, "],
  ])("the command %s that is missing is named, before AWS is asked", async (command, message) => {
    const asked = await onAws([task("new", "RUNNING")]);
    rmSync(path.join(directory, "bin", command));
    await expect(open(["dev"])).rejects.toThrow(message);
    expect(asked).toEqual([]);
  });

  test.each<[string, readonly object[], readonly string[], RegExp]>([
    ["no task", [], [], /^No task of stack "dev" runs\. npm run doctor -- dev/],
    ["a task that is being started", [task("1", "RUNNING", "PENDING")], [], /being started\. npm run doctor/],
    ["tasks from before", [task("old")], [], /older than nango:executeCommand\. npm run up -- dev/],
    ["an agent that is not there yet", [task("1", "PENDING")], [], /agent in it is PENDING/],
    [
      "a container that lets none in",
      [task("1", "RUNNING")],
      ["--container", "connect-ui"],
      /STOPPED \(no\)/,
    ],
    ["no such container", [task("1", "RUNNING")], ["--container", "web"], /"web"; it has connect-ui, server/],
  ])("%s is told", async (_, tasks, flags, message) => {
    await onAws(tasks);
    const opened = open(["dev", ...flags]);
    await expect(opened).rejects.toThrow(UserError);
    await expect(opened).rejects.toThrow(message);
  });

  test("what is not allowed is told with the actions", async () => {
    await onAws("refuses");
    await expect(open(["dev"])).rejects.toThrow(/You may not\n.*ecs:ListTasks: npm run permissions -- dev/);
  });
});

describe("on Docker", () => {
  const parents = "nango:docker:NangoContainers$docker:index/container:Container";
  const container = (name: string) => ({
    ...resource("docker:index/container:Container", `nango-${name}`, {
      inputs: { name: `nango-dev-${name}` },
    }),
    urn: `urn:pulumi:dev::nango::${parents}::nango-${name}`,
  });

  test.each<[readonly string[], RegExp | readonly string[]]>([
    [
      [],
      [
        "docker",
        "--host",
        "unix:///laptop.sock",
        "exec",
        "--interactive",
        "--tty",
        "nango-dev-server",
        "bash",
      ],
    ],
    [["--container", "connect-ui"], /nango-dev-connect-ui does not run: npm run up -- dev/],
    [["--container", "web"], /no container "web"; it has connect-ui, server/],
  ])("with %j", async (flags, expected) => {
    deployed([container("server"), container("connect-ui")], { "nango:target": "docker" });
    const opened = open(["dev", ...flags]);
    if (expected instanceof RegExp) await expect(opened).rejects.toThrow(expected);
    else expect(await opened).toEqual({ words: expected, variables: {} });
  });
});

test("without a terminal there is no shell, and --permissions needs none", async () => {
  await expect(open(["dev"], false)).rejects.toThrow("A shell takes a terminal");
  await expect(open([])).rejects.toThrow("<stack> is missing");
  expect(await open(["--permissions"], false)).toBe("ecs:DescribeTasks\necs:ExecuteCommand\necs:ListTasks\n");
});
