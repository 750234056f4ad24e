import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readCommandLine, UsageError } from "../../../project/command.ts";
import { UserError } from "../../../project/user-error.ts";
import { logs as table } from "../../../scripts/logs/arguments.ts";
import { shown } from "../../../scripts/logs/command.ts";
import { deployed, deployedOnAws, directory, projectsOfTheirOwn } from "../deployed-project.ts";
import { resource } from "../pulumi/state.ts";

/** A Docker CLI that knows two containers. */
const docker = `#!/bin/sh
echo "$@" >> "$FOLDER/calls"
for last; do :; done
case "$*" in
  *"context inspect"*) echo "laptop unix:///laptop.sock" ;;
  *version*) echo '{"Version":"27.0","ApiVersion":"1.46"}' ;;
  *logs*nango-dev-server) echo "2026-11-26T08:00:02.5Z served"; echo "2026-11-26T08:00:04Z an error" >&2 ;;
  *logs*nango-dev-odd) printf '2026-11-26T08:00:05Z one\\rtwo\\342\\200\\250three\\r\\n' ;;
  *logs*nango-dev-migrate) echo "2026-11-26T08:00:03Z migrated"; echo "2026-11-26T08:00:03.1Z " ;;
  *) echo "Error response from daemon: No such container: $last" >&2; exit 1 ;;
esac
`;

projectsOfTheirOwn({ docker }, [String(process.env["PATH"])]);

async function run(...args: string[]): Promise<{ lines: string[]; remarks: string }> {
  let [lines, remarks] = ["", ""];
  await shown(readCommandLine<(typeof table)["flags"]>(table, args, {}), {
    directory,
    print: (text) => void (lines += text),
    remark: (text) => void (remarks += text),
  });
  return { lines: lines.split("\n").slice(0, -1), remarks };
}

interface Asked {
  readonly logGroupName: string;
  readonly startTime: number;
  readonly filterPattern?: string;
  readonly logStreamNamePrefix?: string;
  readonly nextToken?: string;
}

const event = (stream: string, second: number, message: string) => ({
  logStreamName: `nango/${stream}`,
  timestamp: Date.UTC(2026, 10, 26, 8, 0, second),
  message,
  eventId: `${stream}${second}`,
});

/** Deploys on AWS, whose CloudWatch Logs answers so; what it is asked is returned. */
function onAws(answer: (asked: Asked) => { status?: number; body: object }): Promise<Asked[]> {
  const group = resource("aws:cloudwatch/logGroup:LogGroup", "nango", { outputs: { name: "nango-1234" } });
  return deployedOnAws("logs", [group], answer);
}

const since = ["--since", "2026-11-26T07:00:00Z"];

describe("on AWS", () => {
  test("lines are shown with time, container and task, page by page", async () => {
    const asked = await onAws(({ nextToken }) =>
      nextToken === undefined
        ? { body: { events: [event("server/0a1b2c3d4e5f", 1, "served\n")], nextToken: "more" } }
        : { body: { events: [event("connect-ui/99887766aabb", 2, "a page")] } },
    );
    const { lines, remarks } = await run("dev", ...since);
    expect(lines).toEqual([
      "2026-11-26T08:00:01.000Z server/0a1b2c3d served",
      "2026-11-26T08:00:02.000Z connect-ui/99887766 a page",
    ]);
    expect(remarks).toBe("");
    expect(asked).toHaveLength(2);
    expect(asked[1]).toEqual({
      logGroupName: "nango-1234",
      startTime: Date.UTC(2026, 10, 26, 7),
      nextToken: "more",
    });
  });

  test("a text is asked for as it stands, an hour back", async () => {
    const asked = await onAws(() => ({ body: { events: [] } }));
    const { lines, remarks } = await run("dev", "--filter", String.raw`say "a\b" -c`);
    expect(asked[0]?.filterPattern).toBe(String.raw`"say \"a\\b\" -c"`);
    expect(Date.now() - 3_600_000 - (asked[0]?.startTime ?? 0)).toBeLessThan(60_000);
    expect(lines).toEqual([]);
    expect(remarks).toMatch(/^No such line since /);
  });

  test("a text that is too long for CloudWatch, and a time before all times, are not asked for", async () => {
    const asked = await onAws(() => ({ body: { events: [] } }));
    await expect(run("dev", "--filter", '"'.repeat(600))).rejects.toThrow("--filter has 600 characters");
    expect((await run("dev", "--since", "999999w")).remarks).toContain("since 1970-01-01T00:00:00.000Z");
    expect(asked.map(({ startTime }) => startTime)).toEqual([0]);
  });

  test("what is logged drives no terminal, and is a line", async () => {
    const message = "\u001b[32minfo\u001b[39m GET /\u001b[2J\u001b]52;c;cm0=\u0007\rfake\nServer is up";
    await onAws(() => ({ body: { events: [event("server/0a1b2c3d4e5f", 1, message)] } }));
    expect((await run("dev", ...since)).lines).toEqual([
      String.raw`2026-11-26T08:00:01.000Z server/0a1b2c3d info GET /\u001b[2J\u001b]52;c;cm0=\u0007\u000dfake\nServer is up`,
    ]);
  });

  test.each(["0a1b", "arn:aws:ecs:eu-central-1:123456789012:task/nango/0a1b2c3d4e5f"])(
    "of the task %s alone",
    async (task) => {
      await onAws(() => ({
        body: { events: [event("server/0a1b2c3d4e5f", 1, "this"), event("server/ff00", 2, "that")] },
      }));
      expect((await run("dev", ...since, "--task", task)).lines).toEqual([
        "2026-11-26T08:00:01.000Z server/0a1b2c3d this",
      ]);
    },
  );

  test("what runs before a deployment is in order of time, a day back", async () => {
    const asked = await onAws(({ logStreamNamePrefix }) => ({
      body: {
        events:
          logStreamNamePrefix === "nango/migrate/"
            ? [event("migrate/1", 2, "migrated")]
            : logStreamNamePrefix === "nango/redis/"
              ? [event("redis/1", 1, "Redis is well"), event("redis/1", 3, "again")]
              : [],
      },
    }));
    const { lines } = await run("dev", "--migration");
    expect(lines.map((line) => line.replace(/^\S+ /, ""))).toEqual([
      "redis/1 Redis is well",
      "migrate/1 migrated",
      "redis/1 again",
    ]);
    expect(Date.now() - 86_400_000 - (asked[0]?.startTime ?? 0)).toBeLessThan(60_000);
  });

  test("what is not allowed is told with the actions and the way to them", async () => {
    await onAws(() => ({ status: 400, body: { __type: "AccessDeniedException", message: "User may not" } }));
    const refused = run("dev");
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow(
      /User may not\n.*logs:FilterLogEvents: npm run permissions -- dev --for operate/,
    );
  });

  test("a stack without a log group has no lines", async () => {
    deployed([], { "aws:region": "eu-central-1" });
    await expect(run("dev")).rejects.toThrow('Stack "dev" has no log group');
  });
});

describe("on Docker", () => {
  const type = "nango:docker:NangoOnDocker$nango:docker:NangoContainers$docker:index/container:Container";
  const container = (name: string, parents = type) => ({
    ...resource("docker:index/container:Container", `nango-${name}`, {
      inputs: { name: `nango-dev-${name}` },
    }),
    urn: `urn:pulumi:dev::nango::${parents}::nango-${name}`,
  });
  const config = { "nango:target": "docker" };

  beforeEach(() => {
    const database = "nango:docker:Postgres$docker:index/container:Container";
    deployed([container("server"), container("migrate"), container("postgres", database)], config);
  });

  test("what all containers of Nango printed is in order of time", async () => {
    expect((await run("dev", ...since)).lines).toEqual([
      "2026-11-26T08:00:02.500Z server served",
      "2026-11-26T08:00:03.000Z migrate migrated",
      "2026-11-26T08:00:03.100Z migrate ",
      "2026-11-26T08:00:04.000Z server an error",
    ]);
    const calls = readFileSync(path.join(directory, "calls"), "utf8");
    const options = "--host unix:///laptop.sock logs --timestamps --since 2026-11-26T07:00:00.000Z";
    expect(calls).toContain(`${options} nango-dev-server\n`);
    expect(calls).not.toContain("postgres");
  });

  test("a text, the migration and what follows can be asked for", async () => {
    expect((await run("dev", "--filter", "error")).lines).toEqual([
      "2026-11-26T08:00:04.000Z server an error",
    ]);
    expect((await run("dev", "--migration", "--filter", "migrated")).lines).toHaveLength(1);
    await run("dev", "--follow");
    const calls = readFileSync(path.join(directory, "calls"), "utf8");
    expect(calls.match(/--follow nango-dev-/g)).toHaveLength(2);
  });

  test("a line is what ends in a line feed", async () => {
    deployed([container("odd")], config);
    expect((await run("dev", ...since)).lines).toEqual([
      "2026-11-26T08:00:05.000Z odd one\\u000dtwo\u2028three",
    ]);
  });

  test("a container that somebody removed is told of behind the others", async () => {
    deployed([container("server"), container("connect-ui")], config);
    await expect(run("dev")).rejects.toThrow("No such container: nango-dev-connect-ui");
  });

  test("there are no tasks", async () => {
    await expect(run("dev", "--task", "0a1b")).rejects.toThrow(
      "dev runs on Docker, where there are no tasks",
    );
  });
});

test.each([
  [["--filter", ""], "--filter is empty"],
  [["--task", ""], "--task is empty"],
  [["--filter", "one\ntwo"], "--filter takes a text of one line"],
])("%j is refused before anything is read", async (flags, message) => {
  const refused = run("nope", ...flags);
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(message);
});

test.each(["1y", "tomorrow", "2999-01-01", "1.5h", ""])("--since %j is refused", async (text) => {
  await expect(run("dev", "--since", text)).rejects.toThrow(UsageError);
});
