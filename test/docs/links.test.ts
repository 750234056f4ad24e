import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { anchorsOf, links, pages, root } from "./pages.ts";

/** What is wrong with where a link leads; undefined where nothing is. */
function wrongWith(file: string, to: string): string | undefined {
  if (/^[a-z]+:/.test(to)) return wrongWithAddress(to);
  const [target = "", anchor] = to.split("#");
  const place = target === "" ? file : path.posix.join(path.posix.dirname(file), target);
  if (!existsSync(path.join(root, place))) return "leads nowhere";
  if (anchor === undefined) return undefined;
  const page = pages.find((page) => page.file === place);
  return page && anchorsOf(page).has(anchor) ? undefined : "has no such heading";
}

function wrongWithAddress(to: string): string | undefined {
  if (!URL.canParse(to)) return "is no URL";
  const { protocol, hostname } = new URL(to);
  if (protocol === "http:" && hostname === "localhost") return undefined;
  return protocol === "https:" && hostname.includes(".") ? undefined : "is not https";
}

test("every link leads to a file, a heading or an address", () => {
  expect(links.length).toBeGreaterThan(80);
  const wrong = links.flatMap(({ file, to }) => {
    const what = wrongWith(file, to);
    return what === undefined ? [] : [`${file}: ${to} ${what}`];
  });
  expect(wrong).toEqual([]);
});

test("a link into nothing is found", () => {
  expect(wrongWith("docs/deploy.md", "nowhere.md")).toBe("leads nowhere");
  expect(wrongWith("docs/deploy.md", "upgrade.md#nowhere")).toBe("has no such heading");
  expect(wrongWith("docs/deploy.md", "#dns-elsewhere")).toBeUndefined();
  expect(wrongWith("README.md", "http://nango.dev")).toBe("is not https");
});

test("source links to Nango, Pulumi and AWS name a commit or a version, which does not move", () => {
  const moving = links.filter(({ to }) => /github\.com\/[^/]+\/[^/]+\/blob\/(?:master|main)\/.*#L/.test(to));
  expect(moving.map(({ file, to }) => `${file}: ${to}`)).toEqual([]);
});

test("every page is linked from README or from a page that is", () => {
  const reached = new Set(["README.md"]);
  for (const file of reached)
    for (const { to } of links.filter((link) => link.file === file && !/^[a-z]+:/.test(link.to)))
      reached.add(path.posix.join(path.posix.dirname(file), to.split("#")[0] ?? ""));
  expect(pages.map(({ file }) => file).filter((file) => !reached.has(file))).toEqual([]);
});

test("pages that messages and stack files name exist, with their headings", () => {
  const sources = ["infra", "project", "rehearsal", "scripts", "stacks"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(?:ts|js|ya?ml)$/.test(name))
      .map((name) => path.join(folder, name)),
  );
  const named = sources.flatMap((file) =>
    [...readFileSync(path.join(root, file), "utf8").matchAll(/docs\/[\w-]+\.md(?:#[\w-]+)?/g)].map(
      ([to]) => ({ file, to }),
    ),
  );
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter(({ to }) => wrongWith("README.md", to) !== undefined)).toEqual([]);
});
