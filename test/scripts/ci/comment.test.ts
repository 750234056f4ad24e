import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { postComment } from "../../../scripts/ci/comment.ts";
import { readReports, type Report } from "../../../scripts/ci/report.ts";
import { reportsText } from "../../../scripts/ci/report-text.ts";

const sha = "a".repeat(40);

const report = (changes: Partial<Report> = {}): Report => ({
  of: "rehearsal",
  stack: "dev",
  facts: [{ title: "Stack", text: "dev: eu-central-1" }],
  findings: [],
  warnings: [],
  meanings: ["restarts Nango"],
  environment: ["server, LOG_LEVEL: info, and then debug"],
  changes: [{ kind: "update", resource: "ecs.Service nango", why: ["taskDefinition"], fate: "" }],
  lines: ["nango-dev"],
  ...changes,
});

const event = (changes: object = {}) => ({
  workflow_run: {
    event: "pull_request",
    html_url: "https://github.com/acme/nango/actions/runs/7",
    head_sha: sha,
    head_branch: "wider",
    head_repository: { full_name: "mallory/nango", owner: { login: "mallory" } },
    ...changes,
  },
});

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly type: string };
}

/** GitHub, as far as it is asked. */
let comments: Comment[];
let pulls: object[];
let asked: string[];
let server: Server;
let api: string;

beforeEach(async () => {
  comments = [];
  asked = [];
  pulls = [{ number: 3, head: { sha, repo: { full_name: "mallory/nango" } } }];
  server = createServer((request, response) => {
    void (async () => {
      const { method, url = "" } = request;
      asked.push(`${method} ${url}`);
      expect(request.headers.authorization).toBe("Bearer token");
      const body = method === "GET" ? undefined : ((await json(request)) as { body: string });
      if (url.includes("/pulls?")) return pulls;
      if (method === "GET") return comments;
      if (method === "POST")
        comments.push({ id: comments.length + 1, body: body!.body, user: { type: "Bot" } });
      else comments.find(({ id }) => url.endsWith(`/${id}`))!.body = body!.body;
      return {};
    })().then((answer) => response.end(JSON.stringify(answer)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => server.close());

const post = (payload: unknown, all: readonly Report[]) =>
  postComment({ api, repository: "acme/nango", token: "token" }, payload, all);

describe("the comment", () => {
  test("is made on the pull request whose newest commit the run was for", async () => {
    expect(await post(event(), [report()])).toBe("Commented on #3.");
    expect(comments[0]!.body).toContain("| update | ecs.Service nango | taskDefinition |  |");
    expect(comments[0]!.body).toContain("(https://github.com/acme/nango/actions/runs/7)");
    expect(asked[0]).toBe("GET /repos/acme/nango/pulls?state=open&per_page=100&head=mallory%3Awider");
  });

  test("is one, which is brought up to date", async () => {
    await post(event(), [report()]);
    expect(await post(event(), [report({ stack: "production" })])).toBe("The comment on #3 is up to date.");
    expect(comments).toHaveLength(1);
    expect(comments[0]!.body).toContain("### production: Rehearsal");
    await post(event(), []);
    expect(comments[0]!.body).toContain("No stack changes.");
  });

  test("is not made where no stack changes", async () => {
    expect(await post(event(), [])).toMatch(/^No stack changes/);
    expect(comments).toEqual([]);
  });

  test("leaves what people wrote, though it looks the same", async () => {
    await post(event(), [report()]);
    comments = [{ id: 9, body: comments[0]!.body, user: { type: "User" } }];
    expect(await post(event(), [report({ stack: "production" })])).toBe("Commented on #3.");
    expect(comments.map(({ user }) => user.type)).toEqual(["User", "Bot"]);
  });

  test.each([
    ["an older commit", { head_sha: "b".repeat(40) }],
    [
      "another repository with the same commit",
      { head_repository: { full_name: "eve/nango", owner: { login: "eve" } } },
    ],
  ])("is not made for %s", async (_, changes) => {
    expect(await post(event(changes), [report()])).toMatch(/^No open pull request has /);
    expect(comments).toEqual([]);
  });

  test("is not made for a run that is not about a pull request", async () => {
    expect(await post(event({ event: "push" }), [report()])).toMatch(/nothing to comment/);
    expect(await post({}, [report()])).toMatch(/nothing to comment/);
    expect(asked).toEqual([]);
  });
});

describe("a report that somebody forged", () => {
  const evil =
    "@acme/owners </details><img src=https://evil.example/x.png> ![x](//evil.example) ``` <!-- #1 |";

  test("mentions nobody, shows no picture and leaves its place nowhere", () => {
    const text = reportsText([
      report({
        facts: [{ title: evil, text: evil }],
        findings: [evil],
        warnings: [evil],
        meanings: [evil],
        environment: [evil],
        changes: [{ kind: "create", resource: evil, why: [evil], fate: evil }],
        lines: [evil],
      }),
    ]);
    // What is folded stands as it is, in a fence that is longer than any in it.
    const [outside = "", folded = ""] = text.split("<details>");
    expect(outside).not.toMatch(/@|<img|!\[|`|<!--|(?<!&)#1|<\/details/);
    expect(folded).toMatch(/\n````text\n[^\n]*\n````\n/);
  });

  test("is as long as a comment can be", () => {
    const many = Array.from({ length: 60 }, () =>
      report({ lines: Array.from({ length: 400 }, () => "x".repeat(99)) }),
    );
    expect(reportsText(many).length).toBeLessThan(65_000);
    const wide = report({ warnings: Array.from({ length: 400 }, () => "y".repeat(999)) });
    expect(reportsText([wide]).length).toBeLessThan(65_000);
  });

  test("has the form of one, and is no link to a file of this machine", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "reports-"));
    try {
      const write = (content: unknown) => writeFileSync(path.join(folder, "a.json"), JSON.stringify(content));
      write([report()]);
      expect(readReports(folder)).toEqual([report()]);
      for (const wrong of [{}, [{ ...report(), more: 1 }], [report({ stack: "../x" })], "", [null]]) {
        write(wrong);
        expect(() => readReports(folder), JSON.stringify(wrong)).toThrow("is no report");
      }
      rmSync(path.join(folder, "a.json"));
      symlinkSync("/etc/passwd", path.join(folder, "b.json"));
      expect(readReports(folder)).toEqual([]);
      expect(readReports(path.join(folder, "none"))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
