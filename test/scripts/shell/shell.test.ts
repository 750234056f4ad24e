import { rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { readCommandLine } from "../../../project/command.ts";
import { UserError } from "../../../project/user-error.ts";
import { shell as table } from "../../../scripts/shell/arguments.ts";
import { opening } from "../../../scripts/shell/command.ts";
import { deployed, deployedOnAws, directory, projectsOfTheirOwn } from "../deployed-project.ts";
import { resource } from "../pulumi/state.ts";

/** A Docker CLI on whose engine the server runs, and Connect UI does not. */
const docker = `#!/bin/sh
case "$*" in
  *"context inspect"*) echo "laptop unix:///laptop.sock" ;;
  *version*) echo '{"Version":"27.0","ApiVersion":"1.46"}' ;;
  *inspect*nango-dev-server) echo true ;;
  *inspect*) echo false ;;
esac
`;

projectsOfTheirOwn({ docker, aws: "", "session-manager-plugin": "" }, []);

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
function onAws(tasks: readonly object[] | "refuses", executeCommand = true): Promise<object[]> {
  const resources = [
    resource("aws:ecs/cluster:Cluster", "nango", { outputs: { name: "nango-c" } }),
    resource("aws:ecs/service:Service", "nango", {
      inputs: { enableExecuteCommand: executeCommand },
      outputs: { name: "nango-s" },
    }),
  ];
  return deployedOnAws("ecs", resources, (_, request) => {
    if (tasks === "refuses")
      return { status: 400, body: { __type: "AccessDeniedException", message: "You may not" } };
    const operation = String(request.headers["x-amz-target"]).split(".")[1];
    return {
      body: operation === "ListTasks" ? { taskArns: tasks.map((_, index) => arn(String(index))) } : { tasks },
    };
  });
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

  test("a task is taken by the beginning of its ID", async () => {
    await onAws([task("new", "RUNNING"), task("old", "RUNNING")]);
    expect(await open(["dev", "--task", "ol"])).toHaveProperty("words", expect.arrayContaining([arn("old")]));
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
    [
      "a task that does not run",
      [task("abc", "RUNNING")],
      ["--task", "b"],
      /begins with "b"; there runs abc\./,
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

test("without a terminal there is no shell", async () => {
  await expect(open(["dev"], false)).rejects.toThrow("A shell takes a terminal");
});
