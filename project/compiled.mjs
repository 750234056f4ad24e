// Runs TypeScript without a loader: an entry and what it imports are compiled into one file, which is kept for the next
// time. On Node 20 a loader is asked for each module of every package, too, which takes longer than the program. The file
// is of CommonJS, of which V8's code can be kept on Node 20, too, so that there is no `await` outside functions.

import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { folders, passingFolder, readKept, rename, writableFolder, writeKept } from "./kept.cjs";
import { codeVersion, compileModule } from "./script.cjs";

const root = path.resolve(import.meta.dirname, "..");

/** Finds packages as the sources do, wherever what was compiled of them is kept. */
const requirePackage = createRequire(path.join(root, "node_modules/importer.cjs"));

/** In milliseconds: what was compiled before that goes when something is compiled. */
const KEPT = 7 * 24 * 60 * 60 * 1000;

/**
 * Imports a file of TypeScript. Throws an error that names file and line when something cannot be compiled.
 *
 * @param {string | URL} entry a path, or where it is as a URL
 * @returns {Promise<any>} what it exports
 */
export async function importCompiled(entry) {
  const file = entry instanceof URL ? fileURLToPath(entry) : path.resolve(entry);
  return run(known(file) ?? (await compile(file)));
}

/** Runs what was compiled, with what V8 made of it before. */
function run(filename) {
  const content = fs.readFileSync(filename, "utf8");
  const folder = path.dirname(filename);
  const name = `${codeVersion()}.v8`;
  const code = readKept(path.join(folder, name));
  const { run, script, isNew } = compileModule({ filename, content, code });
  // Functions are compiled when they are called: at the end it is known which.
  if (isNew) process.on("exit", () => writeKept(folder, name, script.createCachedData()));
  const module = { exports: {} };
  run(module.exports, requirePackage, module, filename, folder);
  return module.exports;
}

/** What was compiled from just these sources. */
function known(file) {
  for (const folder of folders) {
    try {
      const { sources, digest } = JSON.parse(fs.readFileSync(listOf(file, folder), "utf8"));
      const compiled = path.join(folder, digest, "entry.cjs");
      if (digestOf(sources) === digest && fs.existsSync(compiled)) return compiled;
    } catch {
      // Nothing, or from sources that are not there any more.
    }
  }
  return undefined;
}

/** The file that says what an entry was compiled from. */
function listOf(file, folder) {
  return path.join(folder, `${createHash("sha256").update(file).digest("hex")}.json`);
}

function digestOf(sources) {
  const digest = createHash("sha256");
  for (const source of [import.meta.filename, ...sources])
    digest.update(source).update("\0").update(fs.readFileSync(source)).update("\0");
  return digest.digest("hex").slice(0, 32);
}

async function compile(file) {
  const folder = writableFolder() ?? passingFolder();
  const { build } = await import("esbuild");
  const temporary = fs.mkdtempSync(path.join(folder, "new-"));
  const { metafile } = await build({
    entryPoints: { entry: file },
    outdir: temporary,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // A script does not know how to import.
    supported: { "dynamic-import": false },
    outExtension: { ".js": ".cjs" },
    keepNames: true,
    minifyWhitespace: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: "silent",
    plugins: [packages, awsInParts, ownPlaces],
  }).catch((error) => {
    fs.rmSync(temporary, { recursive: true });
    throw error;
  });
  const sources = Object.keys(metafile.inputs).map((source) => path.join(root, source));
  const digest = digestOf(sources);
  removeOld(folder);
  rename(temporary, path.join(folder, digest));
  const list = `${temporary}.json`;
  fs.writeFileSync(list, JSON.stringify({ sources, digest }));
  rename(list, listOf(file, folder));
  return path.join(folder, digest, "entry.cjs");
}

function removeOld(folder) {
  for (const entry of fs.readdirSync(folder)) {
    const place = path.join(folder, entry);
    const { mtimeMs } = fs.lstatSync(place, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > KEPT) fs.rmSync(place, { recursive: true, force: true });
  }
}

/** Packages of many small modules that keep nothing: what is used of them is compiled with the program. */
const COMPILED = new Set(["zod", "yaml", "fastest-levenshtein"]);

/** Other packages are loaded as they are, so that there is one of each. */
const packages = {
  name: "packages",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path: name, kind, resolveDir }) => {
      if (kind === "entry-point" || path.isAbsolute(name)) return undefined;
      if (!COMPILED.has(name)) return name === AWS ? undefined : { path: name, external: true };
      // Of yaml its modules, which are for browsers and for bundlers: what node is offered is not made of modules.
      if (name === "yaml")
        return { path: path.join(path.dirname(packageFile(name, resolveDir)), "../browser/index.js") };
      return undefined;
    });
  },
};

function packageFile(name, folder) {
  return createRequire(path.join(folder, "importer.js")).resolve(name);
}

const AWS = "@pulumi/aws";

/**
 * Of the package with all of AWS's services those are loaded that are used. Its index loads each when it is itself loaded,
 * so the program gets an index of its own; whoever else loads the package gets the whole.
 */
const awsInParts = {
  name: "aws-in-parts",
  setup(build) {
    build.onResolve({ filter: new RegExp(`^${AWS}$`) }, ({ resolveDir }) => ({
      path: packageFile(AWS, resolveDir),
    }));
    build.onLoad({ filter: /[\\/]@pulumi[\\/]aws[\\/]index\.js$/ }, ({ path: file }) => {
      const source = fs.readFileSync(file, "utf8");
      const parts = source.replaceAll(
        /^const (\w+) = __importStar\((require\("\.\/\w+"\))\);\s+exports\.\1 = \1;$/gm,
        'Object.defineProperty(exports, "$1", { enumerable: true, get: () => $2 });',
      );
      return {
        contents: `(function (exports, require) {\n${parts}\n})(exports, process.getBuiltinModule("node:module").createRequire(${JSON.stringify(file)}))`,
      };
    });
  },
};

/** A module that asks where it is hears where its source is. */
const ownPlaces = {
  name: "own-places",
  setup(build) {
    build.onLoad({ filter: /\.m?[jt]s$/ }, ({ path: file }) => {
      const source = fs.readFileSync(file, "utf8");
      if (!source.includes("import.meta.")) return undefined;
      const places = { url: pathToFileURL(file).href, dirname: path.dirname(file), filename: file };
      const contents = source.replaceAll(/\bimport\.meta\.(url|dirname|filename)\b/g, (_, what) =>
        JSON.stringify(places[what]),
      );
      return { contents, loader: file.endsWith("ts") ? "ts" : "js" };
    });
  },
};
