import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { deployed, directory } from "../deployed-project.ts";
import { resource } from "../pulumi/state.ts";
import { parametersIn, projects, run } from "./reached-database.ts";

projects();

const parents = "nango:docker:Postgres$docker:index/container:Container";
/** Deploys a stack on Docker, with a Postgres of its own. */
function onDocker(): void {
  const url = "postgresql://nango:secret@postgres:5432/nango?sslmode=verify-full";
  const component = resource("nango:docker:NangoContainers", "nango", {
    outputs: { containers: { server: { environment: {}, secrets: ["NANGO_DATABASE_URL"] } } },
  });
  const container = (name: string, envs: readonly string[], parent?: string) => ({
    ...resource("docker:index/container:Container", name, {
      inputs: { name: `nango-dev-${name.slice(6)}`, envs },
    }),
    ...(parent === undefined ? { urn: `urn:pulumi:dev::nango::${parents}::${name}` } : { parent }),
  });
  deployed(
    [
      component,
      container("nango-server", [`NANGO_DATABASE_URL=${url}`], component.urn),
      container("nango-postgres", []),
    ],
    { "nango:target": "docker" },
  );
}

describe("on Docker", () => {
  const inside = "docker --host unix:///laptop.sock exec --interactive".split(" ");

  test("it is the container's own psql that asks, which reads only", async () => {
    onDocker();
    const { words } = await run(["dev"]);
    expect(words.slice(0, 9)).toEqual([...inside, "--tty", "nango-dev-postgres", "sh", "-c"]);
    expect(words.slice(-2)).toEqual(["psql", expect.stringContaining("default_transaction_read_only=on")]);
    expect(words.join(" ")).not.toContain("secret");
  });

  test("a dump leaves the container by its standard output, and comes back by its standard input", async () => {
    onDocker();
    const file = path.join(directory, "a.dump");
    const dumped = await run(["dev", "dump", "--file", file]);
    expect(dumped.words).toEqual(expect.arrayContaining([...inside, "pg_dump", "--format=custom"]));
    expect(dumped.words).not.toContain("--tty");
    expect(dumped.streams).toEqual({ output: file });
    writeFileSync(file, "SELECT 1;");
    const restored = await run(["dev", "restore", "--file", file, "--yes"], { canAsk: false });
    expect(restored.words.slice(-1)).toEqual(["--file=-"]);
    expect(restored.streams).toEqual({ input: file });
  });

  test("no port leads into the stack's network", async () => {
    onDocker();
    await expect(run(["dev", "tunnel"])).rejects.toThrow("listens in the stack's network only");
    await expect(run(["dev", "psql", "--records"])).rejects.toThrow("no records database of its own");
  });
});

describe("a dump", () => {
  const dump = () => path.join(directory, "a.dump");

  test.each([
    ["PGDMP...", "pg_restore", []],
    ["CREATE TABLE a ();", "psql", ["--set=ON_ERROR_STOP=1", "--file=-"]],
  ])(
    "that begins with %j is put back by %s, as one transaction that may write",
    async (content, tool, more) => {
      onDocker();
      writeFileSync(dump(), content);
      const { words } = await run(["dev", "restore", "--file", dump()]);
      expect(words).toEqual(expect.arrayContaining([tool, "--single-transaction", ...more]));
      expect(parametersIn(words)).not.toHaveProperty("options");
    },
  );

  test("is put back by who says so only, and is not written over", async () => {
    onDocker();
    writeFileSync(dump(), "PGDMP");
    expect(
      await run(["dev", "restore", "--file", dump()], { confirmed: () => Promise.resolve(false) }),
    ).toMatchObject({
      code: 1,
      words: [],
    });
    await expect(run(["dev", "restore", "--file", dump()], { canAsk: false })).rejects.toThrow("add --yes");
    await expect(run(["dev", "dump", "--file", dump()])).rejects.toThrow("is there already");
    await expect(run(["dev", "restore", "--file", `${dump()}2`])).rejects.toThrow("There is no file");
  });
});

test.each<[readonly string[], string]>([
  [["dev", "sql"], '"sql" is none of psql, dump, restore, tunnel'],
  [["dev", "dump"], "dump needs --file"],
  [["dev", "psql", "--file", "a"], "--file is for dump and restore"],
  [["dev", "dump", "--file", "a", "--command", "b"], "--command is for psql"],
  [["dev", "tunnel", "--port", "0"], "--port takes a whole number from 1 to 65535, not '0'"],
  [["dev", "tunnel", "--port", "65536"], "--port takes a whole number from 1 to 65535, not '65536'"],
  [["dev", "dump", "--file", "nowhere/a.dump"], "There is no folder nowhere for the dump."],
  [["dev", "restore", "--file", "."], "There is no file ."],
  [[], "<stack> is missing"],
])("the command line %j is wrong", async (args, message) => {
  await expect(run(args)).rejects.toThrow(message);
});

test("psql needs a terminal or a statement", async () => {
  await expect(run(["dev"], { canAsk: false })).rejects.toThrow("give it --command");
  await expect(run(["nope"], { canAsk: false })).rejects.toThrow("there is no stack 'nope'");
});
