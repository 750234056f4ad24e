import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const source = path.join(import.meta.dirname, "../../project");

let folder: string;
beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), "code-cache-")));
  for (const file of ["code-cache.cjs", "script.cjs", "kept.cjs"])
    write(`project/${file}`, fs.readFileSync(path.join(source, file), "utf8"));
  write(
    "main.cjs",
    'require("./project/code-cache.cjs").keepCode("main");\nconsole.log(require("greeting")(...process.argv.slice(2)));\n',
  );
  greeting("hello");
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string | Buffer) {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.writeFileSync(path.join(folder, file), text);
}

function greeting(word: string) {
  write("node_modules/greeting/index.js", `module.exports = (...who) => ["${word}", ...who].join(" ");\n`);
}

function run(...args: string[]) {
  return runUnder("", ...args);
}

function runUnder(flags: string, ...args: string[]) {
  const { stdout, stderr } = spawnSync(process.execPath, ["main.cjs", ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: path.join(folder, "home"), NODE_OPTIONS: flags },
    encoding: "utf8",
  });
  return stdout + stderr;
}

const beside = "node_modules/.cache/compiled";
const list = (place: string) => fs.readdirSync(path.join(folder, place));
/** Node 22 and later keep it in files of their own. */
const ours = !("enableCompileCache" in (await import("node:module")).default);
const keptFile = () => path.join(folder, beside, list(beside).join());

test.runIf(ours)("what was compiled is kept, and is written again for what is new only", () => {
  write("node_modules/other.js", "exports.other = 1;\n");
  write("node_modules/greeting/index.js", 'require("../other.js");\n');
  run();
  greeting("hello");
  expect(run("you")).toBe("hello you\n");
  const before = fs.readFileSync(keptFile());
  fs.utimesSync(keptFile(), 1, 1);
  expect(run("me")).toBe("hello me\n");
  expect(fs.statSync(keptFile()).mtimeMs).toBe(1000);
  // As long as it was, which is all that V8 looks at.
  greeting("adieu");
  fs.renameSync(path.join(folder, "node_modules/other.js"), path.join(folder, "node_modules/gone.js"));
  expect(run()).toBe("adieu\n");
  expect(fs.readFileSync(keptFile(), "utf8")).not.toContain("other.js");
  expect(fs.readFileSync(keptFile()).equals(before)).toBe(false);
  expect(list(beside)).toHaveLength(1);
});

test.runIf(ours)("what is damaged, cut or of something else is not taken, and is put right", () => {
  run();
  const whole = fs.readFileSync(keptFile());
  const last = Buffer.from(whole);
  last.writeUInt8(last.readUInt8(last.length - 9) ^ 0xff, last.length - 9);
  for (const bytes of [last, whole.subarray(0, whole.length / 2), Buffer.alloc(0), Buffer.from("nothing")]) {
    write(path.relative(folder, keptFile()), bytes);
    expect(run("you")).toBe("hello you\n");
    expect(fs.readFileSync(keptFile()).equals(bytes)).toBe(false);
    fs.utimesSync(keptFile(), 1, 1);
    run();
    expect(fs.statSync(keptFile()).mtimeMs).toBe(1000);
  }
});

test.runIf(ours)("what was compiled under other flags, which V8 would not take, is left as it is", () => {
  run();
  const kept = keptFile();
  fs.utimesSync(kept, 1, 1);
  for (let round = 0; round < 2; round += 1)
    expect(runUnder("--max-old-space-size=200", "you")).toBe("hello you\n");
  expect(list(beside)).toHaveLength(2);
  run();
  expect(fs.statSync(kept).mtimeMs).toBe(1000);
});

test("a module knows what node tells it, and an error where it was thrown", () => {
  write("node_modules/greeting/more.json", '{ "more": 1 }');
  write("node_modules/greeting/es.mjs", "export const es = 2;\n");
  write("node_modules/greeting/lazy.js", 'exports.load = () => import("./es.mjs");\n');
  write("node_modules/greeting/shebang.js", "#!/usr/bin/env node\nexports.shebang = true;\n");
  write(
    "node_modules/greeting/index.js",
    `const { load } = require("./lazy");
const told = [
  require("./more.json").more,
  require("./shebang").shebang,
  require.resolve("./lazy") === require("node:path").join(__dirname, "lazy.js"),
  require.resolve.paths("x").includes(require("node:path").dirname(__dirname)),
  require.main === process.mainModule,
  require.cache[__filename] === module,
  module.filename === __filename,
  this === exports,
];
module.exports = () => {
  load().then(({ es }) => {
    console.log(es);
    throw new Error("on purpose");
  });
  return told.join(" ");
};
`,
  );
  for (let round = 0; round < 2; round += 1) {
    const printed = run();
    expect(printed).toContain("1 true true true true true true true\n2\n");
    expect(printed).toMatch(/Error: on purpose\n +at .*greeting[/\\]index\.js:15:11/);
  }
});

test("where nothing can be written beside the packages, the user's own folder is taken, else none", () => {
  write("node_modules/.cache", "");
  expect(run()).toBe("hello\n");
  if (ours)
    expect(list(`home/.cache/nango-pulumi/${list("home/.cache/nango-pulumi").join()}`)).toHaveLength(1);
  fs.rmSync(path.join(folder, "home"), { recursive: true, force: true });
  write("home", "");
  expect(run("again")).toBe("hello again\n");
});
