import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const esbuild = path.dirname(createRequire(import.meta.url).resolve("esbuild/package.json"));
const source = path.join(import.meta.dirname, "../../project");

/** Holds the project, and beside it a home and a folder for temporary files, from which no package of the project is found. */
let place: string;
let folder: string;
beforeEach(() => {
  place = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), "compiled-")));
  folder = path.join(place, "nango");
  fs.mkdirSync(path.join(place, "temporary"));
  for (const file of ["compiled.mjs", "run.mjs", "kept.cjs", "script.cjs", "sources.cjs", "code-cache.cjs"])
    write(`project/${file}`, fs.readFileSync(path.join(source, file), "utf8"));
  fs.mkdirSync(path.join(folder, "node_modules"));
  fs.symlinkSync(esbuild, path.join(folder, "node_modules/esbuild"), "junction");
  write("package.json", '{ "type": "module" }');
  write(
    "app/main.ts",
    'import { greeting } from "./greeting.ts";\nconsole.log(greeting as string, ...process.argv.slice(2));\n',
  );
  write("app/greeting.ts", 'export const greeting = "hello";\n');
});
afterEach(() => fs.rmSync(place, { recursive: true, force: true }));

function write(file: string, text: string) {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.writeFileSync(path.join(folder, file), text);
}

function run(...args: string[]) {
  return runAtHome(path.join(place, "home"), ...args);
}

function runAtHome(home: string, ...args: string[]) {
  const { stdout, stderr } = runWhole(home, ...args);
  return stdout + stderr;
}

function runWhole(home = path.join(place, "home"), ...args: string[]) {
  const env = { PATH: process.env["PATH"], HOME: home, TMPDIR: path.join(place, "temporary") };
  return spawnSync(process.execPath, ["project/run.mjs", "app/main.ts", ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
}

/** What was compiled; what node itself keeps, in `node` since version 22, lies beside it. */
const kept = (within = "node_modules/.cache/compiled") =>
  fs
    .readdirSync(path.join(folder, within))
    .filter((name) => name !== "node" && !name.endsWith(".v8"))
    .sort();

test("who reads no further ends nothing, and changes no exit code", () => {
  write(
    "app/main.ts",
    "for (let n = 0; n < 5000; n++) process.stdout.write(`a line that fills the pipe ${n}\\n`);\nprocess.exitCode = 3;\n",
  );
  const line = `node project/run.mjs app/main.ts | head -1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", line], { cwd: folder, encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["a line that fills the pipe 0\n3\n", ""]);
});

test("a package that is not installed is told with the way out, and nothing else is taken for one", () => {
  write("app/main.ts", 'import "left-pad";\n');
  const { status, stderr } = runWhole();
  expect([status, stderr]).toEqual([
    1,
    "left-pad is not installed. npm ci installs all packages of this project.\n",
  ]);
  write(
    "app/main.ts",
    'throw Object.assign(new Error("Cannot find module \'/a/b.js\'"), { code: "MODULE_NOT_FOUND" });\n',
  );
  expect(run()).toMatch(/^Error: Cannot find module '\/a\/b\.js'\n    at /m);
});

test("what was compiled is run again, until a source says something else", () => {
  expect(run("a", "--b")).toBe("hello a --b\n");
  const first = kept();
  // Nothing compiles without esbuild.
  fs.renameSync(path.join(folder, "node_modules/esbuild"), path.join(folder, "node_modules/away"));
  expect(run()).toBe("hello\n");
  expect(kept()).toEqual(first);
  write("app/greeting.ts", 'export const greeting = "adieu";\n');
  expect(run()).toBe("esbuild is not installed. npm ci installs all packages of this project.\n");
  fs.renameSync(path.join(folder, "node_modules/away"), path.join(folder, "node_modules/esbuild"));
  expect(run()).toBe("adieu\n");
  write("app/greeting.ts", 'export const greeting = "hello";\n');
  expect(run()).toBe("hello\n");
});

test("what is half written, or gone, is compiled again, and what is old goes", () => {
  run();
  const [digest = "", list = ""] = kept().sort((a, b) => a.length - b.length);
  write(`node_modules/.cache/compiled/${list}`, '{ "sources": [');
  expect(run()).toBe("hello\n");
  fs.rmSync(path.join(folder, "node_modules/.cache/compiled", digest), { recursive: true });
  expect(run()).toBe("hello\n");
  const old = path.join(folder, "node_modules/.cache/compiled/old");
  fs.mkdirSync(old);
  fs.utimesSync(old, 0, 0);
  write("app/greeting.ts", 'export const greeting = "adieu";\n');
  expect(run()).toBe("adieu\n");
  expect(fs.existsSync(old)).toBe(false);
  expect(kept().filter((name) => name.startsWith("new-"))).toEqual([]);
});

test("modules know where they are, errors name the lines of the sources, and parts are loaded when they are asked for", () => {
  write(
    "app/lazy.ts",
    'interface Unused {\n  a: 1;\n}\nconsole.log("lazy");\nexport const fail = (): never => {\n  throw new Error("on purpose");\n};\n',
  );
  write(
    "app/main.ts",
    'console.log(import.meta.url, import.meta.dirname, import.meta.filename);\nconsole.log("first");\nexport default import("./lazy.ts").then(({ fail }) => fail());\n',
  );
  const printed = run();
  expect(printed).toContain(
    `file://${folder}/app/main.ts ${folder}/app ${folder}/app/main.ts\nfirst\nlazy\n`,
  );
  expect(printed).toMatch(
    /^Error: on purpose\n +at fail \(.*app\/lazy\.ts:6:9\)\n +at .*app\/main\.ts:3:55\n/m,
  );
});

test("an error that nobody awaits is printed with its lines, and what never ends is no success", () => {
  write(
    "app/main.ts",
    'type Unused = 1;\nsetImmediate(() => {\n  throw new Error("nobody awaits", { cause: "on purpose" });\n});\n',
  );
  const { stderr, status } = runWhole();
  expect(stderr).toMatch(
    /^Error: nobody awaits\n +at .*app\/main\.ts:3:9\)\n[^]*\[cause\]: 'on purpose'\n\}\n$/,
  );
  expect(status).toBe(1);
  write("app/main.ts", "export default new Promise(() => {});\n");
  expect(runWhole().status).toBe(13);
  write("app/main.ts", 'export default Promise.reject(new Error("awaited"));\n');
  expect(runWhole()).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^Error: awaited\n +at .*main\.ts:1:31/),
  });
});

test("what V8 made of it is kept beside it, and made anew when it is damaged", () => {
  run();
  const [digest = ""] = kept().sort((a, b) => a.length - b.length);
  const beside = `node_modules/.cache/compiled/${digest}`;
  const [code = ""] = fs.readdirSync(path.join(folder, beside)).filter((name) => name.endsWith(".v8"));
  const file = path.join(folder, beside, code);
  const whole = fs.readFileSync(file);
  fs.utimesSync(file, 1, 1);
  expect(run()).toBe("hello\n");
  expect(fs.statSync(file).mtimeMs).toBe(1000);
  for (const bytes of [whole.fill(0, whole.length / 2), whole.subarray(0, 99), Buffer.alloc(0)]) {
    fs.writeFileSync(file, bytes);
    fs.utimesSync(file, 1, 1);
    expect(run()).toBe("hello\n");
    expect(fs.statSync(file).mtimeMs).not.toBe(1000);
  }
});

test("of AWS's package those services are loaded that are used, and the whole for whoever else asks for it", () => {
  for (const name of ["@pulumi", "zod", "yaml"])
    fs.symlinkSync(path.join(source, "../node_modules", name), path.join(folder, "node_modules", name));
  write(
    "app/main.ts",
    `import { createRequire } from "node:module";
import * as aws from "@pulumi/aws";
import { parse } from "yaml";
import { z } from "zod";
const load = createRequire(import.meta.url);
const loaded = () =>
  Object.keys(load.cache).flatMap((file) => /@pulumi.aws.(\\w+).index.js$/.exec(file)?.[1] ?? []);
const { Topic } = aws.sns;
console.log(loaded().join(), typeof aws.getRegion, typeof aws.Provider, typeof aws.ec2.Vpc);
const whole = load("@pulumi/aws");
console.log(loaded().length > 100, whole.sns.Topic === Topic, Object.keys(whole).every((name) => name in aws));
console.log(z.object({ a: z.number() }).parse(parse("a: 1")).a);
void import("@pulumi/aws").then(({ sns }) => console.log(sns.Topic === Topic));
`,
  );
  expect(run()).toBe("sns,lambda,iam function function function\ntrue true true\n1\ntrue\n");
});

test("what cannot be compiled is named with its line", () => {
  write("app/greeting.ts", "export const greeting = ;\n");
  expect(run()).toContain('app/greeting.ts:1:24: ERROR: Unexpected ";"');
  expect(kept().filter((name) => name.startsWith("new-"))).toEqual([]);
});

test("where nothing can be written beside the packages, the user's own folder is taken, from which packages are found", () => {
  write("node_modules/.cache", "");
  write("node_modules/who/package.json", '{ "type": "module", "exports": "./who.js" }');
  write("node_modules/who/who.js", 'export const who = "you";\n');
  write("app/greeting.ts", 'import { who } from "who";\nexport const greeting = `hello ${who}`;\n');
  expect(run()).toBe("hello you\n");
  expect(kept(`../home/.cache/nango-pulumi/${kept("../home/.cache/nango-pulumi").join()}`)).toHaveLength(2);
  expect(run()).toBe("hello you\n");
});

test.each(["", "/dev/null"])("who has no home (%j) compiles for one run, and leaves nothing", (home) => {
  write("node_modules/.cache", "");
  write("node_modules/who/package.json", '{ "type": "module", "exports": "./who.js" }');
  write("node_modules/who/who.js", 'export const who = "you";\n');
  write("app/greeting.ts", 'import { who } from "who";\nexport const greeting = `hello ${who}`;\n');
  const before = fs.readdirSync(folder);
  expect(runAtHome(home)).toBe("hello you\n");
  expect(fs.readdirSync(folder)).toEqual(before);
  expect(fs.readdirSync(path.join(place, "temporary"))).toEqual([]);
});
