/**
 * Writes the root certificates of CERTIFICATES_PEM to CERTIFICATES_FILE, for the containers that share the folder and name
 * that file in NODE_EXTRA_CA_CERTS: Node reads it when it starts, so it must be there before them.
 *
 * Runs in Nango's image as `node --input-type=module -e <this text>`. Exit codes: 0 done, 1 not, and the last line why.
 */
import { X509Certificate } from "node:crypto";
import { chmodSync, renameSync, writeFileSync } from "node:fs";

const { CERTIFICATES_PEM: pem = "", CERTIFICATES_FILE: file } = process.env;

/** @param {string} message @returns {never} */
function fail(message) {
  console.log(`nango-certificates: ${message}`);
  process.exit(1);
}

/** @param {string} block */
function isCertificate(block) {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}

if (!file) fail("CERTIFICATES_FILE names no file");
const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
if (blocks.length === 0) fail("CERTIFICATES_PEM holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
const unreadable = blocks.findIndex((block) => !isCertificate(block));
if (unreadable >= 0)
  fail(`certificate ${unreadable + 1} of ${blocks.length} in CERTIFICATES_PEM cannot be read`);
try {
  const partial = `${file}.partial`;
  writeFileSync(partial, `${blocks.join("\n")}\n`);
  chmodSync(partial, 0o644);
  renameSync(partial, file);
} catch (/** @type {any} */ error) {
  fail(`${file} cannot be written: ${error.code}`);
}
const count = `${blocks.length} certificate${blocks.length === 1 ? "" : "s"}`;
console.log(`nango-certificates: wrote ${count} to ${file}`);
