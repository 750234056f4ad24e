// Where what was made of the sources and of packages is kept from one run to the next.

const { createHash, randomUUID } = require("node:crypto");
const fs = require("node:fs");
const { homedir, tmpdir } = require("node:os");
const path = require("node:path");
const { crc32 } = require("node:zlib");

const root = path.resolve(__dirname, "..");
const packages = path.join(root, "node_modules");

/**
 * Folders to look into, the best first: beside the packages, or, where that cannot be written to, the user's own. No
 * folder that others may write to, since what lies there is run.
 */
exports.folders = [path.join(packages, ".cache/compiled"), ...ofTheUser()];

function ofTheUser() {
  const project = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const home = homeOrNone();
  return path.isAbsolute(home) ? [path.join(home, ".cache/nango-pulumi", project)] : [];
}

function homeOrNone() {
  try {
    return homedir();
  } catch {
    return "";
  }
}

/** The folder to write to; undefined where nothing can be kept. */
exports.writableFolder = function writableFolder() {
  return exports.folders.find(canBeWritten);
};

let passing;

/** A folder that only this process knows, and that goes with it. */
exports.passingFolder = function passingFolder() {
  if (passing === undefined) {
    passing = fs.mkdtempSync(path.join(tmpdir(), "nango-compiled-"));
    process.on("exit", () => fs.rmSync(passing, { recursive: true, force: true }));
  }
  return passing;
};

function canBeWritten(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Puts what is complete in its place. Another process may have come first, with the same. */
exports.rename = function rename(from, to) {
  try {
    fs.renameSync(from, to);
  } catch {
    fs.rmSync(from, { recursive: true, force: true });
  }
};

/** The length of a checksum. */
const HEAD = 4;

/** What was written; undefined where there is nothing, or not all of it. */
exports.readKept = function readKept(file) {
  try {
    const kept = fs.readFileSync(file);
    const data = kept.subarray(HEAD);
    return kept.readUInt32LE(0) === crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
};

/** Writes into a folder; answers false when it could not, as when the disk is full. */
exports.writeKept = function writeKept(folder, name, data) {
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(crc32(data));
  try {
    const temporary = path.join(folder, `new-${randomUUID()}`);
    fs.writeFileSync(temporary, Buffer.concat([head, data]));
    exports.rename(temporary, path.join(folder, name));
    return true;
  } catch {
    // The next run makes it again.
    return false;
  }
};
