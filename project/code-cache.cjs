// Keeps what V8 has compiled of the packages' modules for the next run. Newer versions of node do it themselves:
// https://nodejs.org/docs/latest-v22.x/api/module.html#moduleenablecompilecachecachedir

const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const { folders, readKept, writableFolder, writeKept } = require("./kept.cjs");
const { codeVersion, compileModule } = require("./script.cjs");

const PACKAGES = `${path.sep}node_modules${path.sep}`;

/** What node calls for each module of CommonJS. */
const COMPILE = "_compile";

let keeping = false;

/**
 * Spares a short run what V8 would do for a long one: modules that are loaded from now on are compiled once, and what is
 * called often is optimized late.
 *
 * @param {string} name of what is run: each has modules of its own
 */
exports.keepCode = function keepCode(name) {
  if (keeping) return;
  keeping = true;
  if (Module.enableCompileCache) Module.enableCompileCache(path.join(folders[0], "node"));
  else {
    optimizeLate();
    keepOnOldNode(`${name}-${codeVersion()}.v8`);
  }
};

/** On Node 20, which has reached its end of life, so that nobody will keep a package for it. */
function keepOnOldNode(file) {
  const known = read(file);
  const fresh = new Map();
  const { [COMPILE]: compile } = Module.prototype;
  Module.prototype[COMPILE] = function (content, filename, format) {
    const asNodeDoes = () => compile.call(this, content, filename, format);
    if (!filename.includes(PACKAGES) || format === "module" || !isScript(content)) return asNodeDoes();
    const digest = digestOf(content);
    const code = known.get(filename)?.digest === digest ? known.get(filename).code : undefined;
    let compiled;
    try {
      compiled = compileModule({ filename, content, code });
    } catch {
      // An error that node tells, or a module that says nowhere that it is one.
      return asNodeDoes();
    }
    if (compiled.isNew) fresh.set(filename, { digest, script: compiled.script });
    const { exports } = this;
    return Reflect.apply(compiled.run, exports, [
      exports,
      Module.createRequire(filename),
      this,
      filename,
      path.dirname(filename),
    ]);
  };
  // Functions are compiled when they are called: now it is known which.
  process.on("exit", () => {
    if (fresh.size > 0) write(file, known, fresh);
  });
}

/**
 * What runs for a second is over before optimized code pays, which V8 of Node 20 makes beside it after few calls, and waits
 * for at the end. Newer ones wait for more calls by themselves.
 */
function optimizeLate() {
  v8.setFlagsFromString("--interrupt-budget=4000000");
}

/** A script does not know how to import, nor what the first line of a command means. */
function isScript(content) {
  return !content.includes("import(") && !content.startsWith("#!");
}

function digestOf(content) {
  return createHash("sha1").update(content).digest("base64");
}

/** The length of an index, the index, and the code that it points to. */
const HEAD = 4;

function read(file) {
  const kept = folders.map((folder) => readKept(path.join(folder, file))).find(Boolean);
  if (kept === undefined) return new Map();
  const data = HEAD + kept.readUInt32LE(0);
  const index = JSON.parse(kept.toString("utf8", HEAD, data));
  return new Map(
    index.map(([filename, digest, from, to]) => [
      filename,
      { digest, code: kept.subarray(data + from, data + to) },
    ]),
  );
}

function write(file, known, fresh) {
  const folder = writableFolder();
  if (folder === undefined) return;
  const all = new Map([...known].filter(([filename]) => fs.existsSync(filename)));
  for (const [filename, { digest, script }] of fresh)
    all.set(filename, { digest, code: script.createCachedData() });
  let end = 0;
  const index = [...all].map(([filename, { digest, code }]) => [filename, digest, end, (end += code.length)]);
  const indexed = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(HEAD);
  length.writeUInt32LE(indexed.length);
  writeKept(folder, file, Buffer.concat([length, indexed, ...[...all.values()].map(({ code }) => code)]));
}
