import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readTextFile } from "../../project/text-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "text-file-"));
const file = path.join(folder, "file");
afterAll(() => rmSync(folder, { recursive: true }));

const read = (bytes: Buffer) => {
  writeFileSync(file, bytes);
  return readTextFile(file);
};

test("UTF-8 is read, and UTF-16 behind a byte order mark, as the Pulumi CLI reads it", () => {
  const text = "config:\n  nango:dashboardUser: Zoë 😀\n";
  const marked = Buffer.from(`\ufeff${text}`, "utf16le");
  for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), marked, Buffer.from(marked).swap16()])
    expect(read(bytes)).toBe(text);
  expect(read(Buffer.alloc(0))).toBe("");
});

test("another encoding is refused", () => {
  expect(() => read(Buffer.from("Zoë", "latin1"))).toThrow("it is not in UTF-8: save it in that encoding");
});
