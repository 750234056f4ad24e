// Where what was made of the sources and of packages is kept from one run to the next.

const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { homedir } = require("node:os");
const path = require("node:path");

const root = path.resolve(__dirname, "..");
const packages = path.join(root, "node_modules");

/**
 * Folders to look into, the best first: beside the packages, or, where that cannot be written to, the user's own. No
 * folder that others may write to, since what lies there is run.
 */
exports.folders = [path.join(packages, ".cache/compiled"), ...ofTheUser()];

function ofTheUser() {
  try {
    return [
      path.join(
        homedir(),
        ".cache/nango-pulumi",
        createHash("sha256").update(root).digest("hex").slice(0, 16),
      ),
    ];
  } catch {
    // A user without a home.
    return [];
  }
}

/** The folder to write to. Throws when there is none. */
exports.writableFolder = function writableFolder() {
  const folder = exports.folders.find(canBeWritten);
  if (folder === undefined) throw new Error(`Nothing can be written to ${exports.folders.join(" or ")}.`);
  return folder;
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
