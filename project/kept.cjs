// Where what was made of the sources and of packages is kept from one run to the next.

const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { homedir, tmpdir } = require("node:os");
const path = require("node:path");

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
    linkPackages(passing);
    process.on("exit", () => fs.rmSync(passing, { recursive: true, force: true }));
  }
  return passing;
};

function canBeWritten(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
    if (!folder.startsWith(packages)) linkPackages(folder);
    return true;
  } catch {
    return false;
  }
}

/** Compiled files look for their packages where they are themselves. */
function linkPackages(folder) {
  const link = path.join(folder, "node_modules");
  if (fs.existsSync(link)) return;
  fs.rmSync(link, { force: true });
  fs.symlinkSync(packages, link, "junction");
}

/** Puts what is complete in its place. Another process may have come first, with the same. */
exports.rename = function rename(from, to) {
  try {
    fs.renameSync(from, to);
  } catch {
    fs.rmSync(from, { recursive: true, force: true });
  }
};
