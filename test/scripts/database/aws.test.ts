import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTlsPostgres, type TlsPostgres } from "../../postgres/tls-postgres.ts";
import { forward } from "../../../scripts/database/tunnel.ts";
import { deployed, directory } from "../deployed-project.ts";
import { arn, host, onAws, parametersIn, projects, query, run, session } from "./reached-database.ts";

projects();

let server: TlsPostgres;
beforeAll(async () => {
  server = await startTlsPostgres();
  await server.presentCertificateFor(host);
});
afterAll(() => server?.stop());

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("on AWS", () => {
  test("psql reads a database through a task, verified by its own name, and nothing is left of it", async () => {
    const asked = await onAws(server);
    let files: string[] = [];
    const { code, words, said } = await run(["dev"], {
      run: async (words) => {
        const parameters = parametersIn(words);
        expect(parameters).toMatchObject({ host, hostaddr: "127.0.0.1", sslmode: "verify-full" });
        files = [parameters["passfile"]!, parameters["sslrootcert"]!];
        for (const file of files) expect(statSync(file).mode & 0o077).toBe(0);
        expect(await query(parameters, "SELECT current_user AS user")).toEqual({ user: server.login.user });
        await expect(query(parameters, "CREATE TABLE t (a int)")).rejects.toThrow("read-only transaction");
        return 3;
      },
    });
    expect([code, words[0]]).toEqual([3, "psql"]);
    expect([...words, said].join(" ")).not.toContain(server.login.password);
    expect(asked[0]).toMatchObject({
      operation: "RunTask",
      body: {
        cluster: "nango-c",
        taskDefinition: "tunnel:3",
        enableExecuteCommand: true,
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "ENABLED" },
        },
      },
    });
    expect(asked.at(-1)).toMatchObject({ operation: "StopTask", body: { task: arn } });
    const target = "ecs:nango-c_0123abc_0123abc-1";
    expect(session()).toMatchObject({ host: [host], portNumber: ["5432"], AWS_ACCESS_KEY_ID: "AKIA" });
    expect(session()["args"]).toEqual(
      expect.arrayContaining(["--region", "eu-central-1", "--target", target, "--document-name"]),
    );
    for (const file of files) expect(existsSync(file)).toBe(false);
    await expect.poll(() => isAlive(Number(session()["pid"]))).toBe(false);
  });

  test("--write lets psql write, and a server that shows another certificate is refused", async () => {
    await onAws(server);
    await run(["dev", "psql", "--write"], {
      run: async (words) => {
        await query(parametersIn(words), "CREATE TABLE written (a int)");
        return 0;
      },
    });
    await onAws(server, {}, "");
    await run(["dev", "psql", "--write"], {
      run: async (words) => {
        await expect(query(parametersIn(words), "SELECT 1")).rejects.toThrow(
          /unable to verify the first certificate/,
        );
        return 0;
      },
    });
  });

  test("a tunnel stays until Ctrl-C, and says how to use it", async () => {
    const asked = await onAws(server);
    const interruption = new AbortController();
    let said = "";
    const { code } = await run(["dev", "tunnel", "--host", "restored.example.com"], {
      signal: interruption.signal,
      say: (line) => (said += line) && line.includes("Ctrl-C") && interruption.abort(),
    });
    expect(code).toBe(0);
    expect(session()).toMatchObject({ host: ["restored.example.com"] });
    expect(asked.at(-1)?.operation).toBe("StopTask");
    expect(said).toMatch(
      /psql "host=restored\.example\.com hostaddr=127\.0\.0\.1 .*\nUser nango, password in .*\n.*stopped/s,
    );
  });

  test.each<[string, object, RegExp]>([
    [
      "a task that does not start",
      { lastStatus: "STOPPED", stoppedReason: "no image" },
      /did not start: no image/,
    ],
    [
      "an agent that ends",
      {
        containers: [
          { managedAgents: [{ name: "ExecuteCommandAgent", lastStatus: "STOPPED", reason: "no way" }] },
        ],
      },
      /agent for sessions ended: no way\. It has to reach ssmmessages/,
    ],
  ])("%s is told, and is stopped", async (_, last, message) => {
    const asked = await onAws(server, last);
    await expect(run(["dev"])).rejects.toThrow(message);
    expect(asked.at(-1)?.operation).toBe("StopTask");
  });

  test("who has enough of a session that does not come about ends it, and the task is stopped", async () => {
    const asked = await onAws(server);
    vi.stubEnv("IS_SILENT", "yes");
    const interruption = new AbortController();
    const running = run(["dev"], { signal: interruption.signal });
    await expect.poll(() => existsSync(path.join(directory, "session.json")), { timeout: 10_000 }).toBe(true);
    interruption.abort();
    await expect(running).rejects.toThrow("Session Manager forwards no port: interrupted");
    expect(asked.at(-1)?.operation).toBe("StopTask");
    await expect.poll(() => isAlive(Number(session()["pid"]))).toBe(false);
  });

  test("a session that says nothing is given up in time", async () => {
    const variables = { ...process.env, FOLDER: directory, IS_SILENT: "yes" };
    const where = { region: "eu-central-1", variables };
    const signal = new AbortController().signal;
    await expect(
      forward("ecs:a_b_c", { host, port: 5432, localPort: 1 }, where, signal, 500),
    ).rejects.toThrow(/within 0\.5 s the AWS CLI said nothing\. .*ssmmessages/);
    await expect(
      forward("ecs:a_b_c", { host, port: 5432, localPort: 1 }, where, AbortSignal.abort()),
    ).rejects.toThrow("interrupted");
  });

  test("a dump that does not come to its end is removed, and why the way ended is told", async () => {
    await onAws(server);
    const file = path.join(directory, "half.dump");
    const { code, said } = await run(["dev", "dump", "--file", file], {
      run: async () => {
        writeFileSync(file, "PGDMP");
        process.kill(Number(session()["pid"]), "SIGTERM");
        await expect.poll(() => isAlive(Number(session()["pid"]))).toBe(false);
        await setTimeout(100);
        return 1;
      },
    });
    expect([code, existsSync(file)]).toEqual([1, false]);
    expect(said).toContain("The way to the database has ended: Waiting for connections...");
    expect(said).toContain(`${file} is not whole, and is removed.`);
    const whole = await run(["dev", "dump", "--file", file], {
      run: async () => (writeFileSync(file, "PGDMP"), 0),
    });
    expect([whole.code, existsSync(file)]).toEqual([0, true]);
    expect(whole.said).toContain(`${file} is whole: 1 KiB.\n`);
  });

  test("what Session Manager says is told, and the task is stopped", async () => {
    const asked = await onAws(server);
    process.env["REFUSES"] = "yes";
    try {
      await expect(run(["dev"])).rejects.toThrow(
        /forwards no port: An error occurred \(TargetNotConnected\)/,
      );
    } finally {
      delete process.env["REFUSES"];
    }
    expect(asked.at(-1)?.operation).toBe("StopTask");
  });

  test.each([
    ["psql", ["dev"]],
    ["pg_dump", ["dev", "dump", "--file", "a.dump"]],
    ["session-manager-plugin", ["dev"]],
    ["aws", ["dev"]],
  ])("the command %s that is missing is named, before anything is started", async (command, args) => {
    const asked = await onAws(server);
    rmSync(path.join(directory, "bin", command));
    vi.stubEnv("PATH", path.join(directory, "bin"));
    await expect(run(args)).rejects.toThrow(`The command ${command} is missing, `);
    expect(asked).toEqual([]);
  });

  test("a pg_dump that is older than the database is told, before anything is started", async () => {
    const asked = await onAws(server);
    vi.stubEnv("PG_DUMP_VERSION", "16.10");
    const dump = ["dev", "dump", "--file", path.join(directory, "a.dump")];
    await expect(run(dump)).rejects.toThrow(
      "pg_dump on this machine is of version 16, and the database of version 17",
    );
    expect(asked).toEqual([]);
    vi.stubEnv("PG_DUMP_VERSION", "18.0");
    expect((await run(dump)).words).toContain(`--file=${path.join(directory, "a.dump")}`);
  });

  test("a stack that was deployed before there was a way is told to be deployed", async () => {
    deployed([], { "aws:region": "eu-central-1" });
    await expect(run(["dev"])).rejects.toThrow(
      "nothing to reach its database through yet: npm run up -- dev",
    );
  });

  const psqlIsHere = existsSync("/usr/bin/psql");
  test.skipIf(!psqlIsHere)("the real psql, where it is installed, understands what it is told", async () => {
    await onAws(server);
    await run(["dev", "psql", "--command", "SELECT 6 * 7"], {
      run: async ([, ...args]) => {
        const psql = spawn("/usr/bin/psql", ["--tuples-only", ...args], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        const [output] = await Promise.all([text(psql.stdout), once(psql, "exit")]);
        expect(output.trim()).toBe("42");
        return 0;
      },
    });
  });
});
