// Keeps what V8 has compiled of the packages' modules for the next run. Newer versions of node do it themselves:
// https://nodejs.org/docs/latest-v22.x/api/module.html#moduleenablecompilecachecachedir

const { createHash, randomUUID } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const vm = require("node:vm");
const { folders, rename, writableFolder } = require("./kept.cjs");

const PACKAGES = `${path.sep}node_modules${path.sep}`;

/** What node calls for each module of CommonJS. */
const COMPILE = "_compile";

let keeping = false;

/**
 * Modules that are loaded from now on are compiled once.
 *
 * @param {string} name of what is run: each has modules of its own
 */
exports.keepCode = function keepCode(name) {
  if (keeping) return;
  keeping = true;
  if (Module.enableCompileCache) return void Module.enableCompileCache(path.join(folders[0], "node"));
  // Pulumi's SDK does so when it is loaded, and V8 takes nothing that was compiled under other flags.
  v8.setFlagsFromString("--allow-natives-syntax");
  const flags = v8.cachedDataVersionTag().toString(16);
  keepOnOldNode(`${name}-${process.version}-${process.arch}-${flags}.v8`);
};

/** On Node 20, which has reached its end of life, so that nobody will keep a package for it. */
function keepOnOldNode(file) {
  const known = read(file);
  const fresh = new Map();
  const { [COMPILE]: compile } = Module.prototype;
  Module.prototype[COMPILE] = function (content, filename) {
    // A script does not know how to import, nor what the first line of a command means.
    if (!filename.includes(PACKAGES) || content.includes("import(") || content.startsWith("#!"))
      return compile.call(this, content, filename);
    const digest = digestOf(content);
    const cachedData = known.get(filename)?.digest === digest ? known.get(filename).data : undefined;
    const wrapped = `(function (exports, require, module, __filename, __dirname) { ${content}\n})`;
    const script = new vm.Script(wrapped, { filename, cachedData });
    if (cachedData === undefined || script.cachedDataRejected) fresh.set(filename, { digest, script });
    const run = script.runInThisContext();
    const { exports } = this;
    return Reflect.apply(run, exports, [
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

function digestOf(content) {
  return createHash("sha1").update(content).digest("base64");
}

/** A digest of the rest, the length of an index, the index, and the data that it points to. */
const DIGEST = digestOf("").length;
const HEAD = DIGEST + 4;

function read(file) {
  for (const folder of folders) {
    try {
      const kept = fs.readFileSync(path.join(folder, file));
      if (kept.toString("latin1", 0, DIGEST) !== digestOf(kept.subarray(DIGEST))) continue;
      const data = HEAD + kept.readUInt32LE(DIGEST);
      const index = JSON.parse(kept.toString("utf8", HEAD, data));
      return new Map(
        index.map(([filename, digest, from, to]) => [
          filename,
          { digest, data: kept.subarray(data + from, data + to) },
        ]),
      );
    } catch {
      // Nothing yet.
    }
  }
  return new Map();
}

function write(file, known, fresh) {
  const folder = writableFolder();
  if (folder === undefined) return;
  const all = new Map([...known].filter(([filename]) => fs.existsSync(filename)));
  for (const [filename, { digest, script }] of fresh)
    all.set(filename, { digest, data: script.createCachedData() });
  let end = 0;
  const index = [...all].map(([filename, { digest, data }]) => [filename, digest, end, (end += data.length)]);
  const indexed = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(indexed.length);
  const rest = Buffer.concat([length, indexed, ...[...all.values()].map(({ data }) => data)]);
  try {
    const temporary = path.join(folder, `new-${randomUUID()}`);
    fs.writeFileSync(temporary, Buffer.concat([Buffer.from(digestOf(rest), "latin1"), rest]));
    rename(temporary, path.join(folder, file));
  } catch {
    // A full disk: the next run compiles again.
  }
}
