import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type NangoServer, startNango } from "../nango-server/server.ts";
import type { Integration } from "../nango-server/state.ts";
import { Browser } from "./browser.ts";

const docs = path.resolve(import.meta.dirname, "../../docs");
const read = (file: string) => readFileSync(path.join(docs, file), "utf8");
const connectUrl = "http://connect.example.com";

const github: Integration = {
  id: "github",
  provider: "github",
  api: ({ path, authorization }) => ({
    status: path === "/user" ? 200 : 404,
    body: { login: "ada", authorization },
  }),
};

let nango: NangoServer;
let backend: Server;
let backendUrl: string;

beforeAll(async () => {
  nango = await startNango({ connectUrl, websocketsPath: "/" });
  vi.stubEnv("NANGO_HOST", nango.url);
  vi.stubEnv("NANGO_CONNECT_URL", connectUrl);
  vi.stubEnv("NANGO_API_KEY", nango.nango.apiKey);
  vi.stubEnv("PORT", "0");
  ({ server: backend } = await import("../../docs/examples/backend.ts"));
  if (!backend.listening) await new Promise((listening) => backend.once("listening", listening));
  backendUrl = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
});

beforeEach(() => {
  nango.nango.connections = [];
  nango.nango.integrations = [github];
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  backend.closeAllConnections();
  backend.close();
  await nango.close();
});

const curlCommands = () => read("examples/curl.sh").trim().split("\n\n");

const get = async (route: string) => (await fetch(`${backendUrl}${route}`)).json();

test("the frontend opens Connect UI at the stack's own addresses, and hears of the connection", async () => {
  const browser = new Browser(backendUrl);
  const { connect } = await import("../../docs/examples/frontend.ts");
  const heard: string[] = [];
  const complaints: string[] = [];
  await connect(
    (id) => heard.push(id),
    (reason) => complaints.push(reason),
  );

  expect(browser.frames).toEqual([`${connectUrl}/?apiURL=${encodeURIComponent(nango.url)}`]);
  browser.say("http://somebody-else.example.com", { type: "ready" });
  expect(browser.posted).toEqual([]);
  browser.say(connectUrl, { type: "ready" });
  expect(browser.posted).toEqual([
    { type: "session_token", sessionToken: expect.stringMatching(/^nango_connect_session_[0-9a-f]{64}$/) },
  ]);
  const { sessionToken } = browser.posted[0] as { sessionToken: string };
  expect(nango.nango.session(sessionToken)).toEqual({
    tags: { end_user_id: "42", end_user_email: "ada@example.com" },
    allowedIntegrations: ["github"],
  });

  browser.say(connectUrl, { type: "error", payload: { errorType: "window_closed", errorMessage: "closed" } });
  browser.say(connectUrl, { type: "connect", payload: { connectionId: "c-1" } });
  expect({ heard, complaints }).toEqual({ heard: ["c-1"], complaints: ["closed"] });
});

test("a button of one's own opens the provider's login, and the websocket tells how it ended", async () => {
  const browser = new Browser(backendUrl);
  const { prepare } = await import("../../docs/examples/frontend-own-button.ts");
  const connect = await prepare();
  const connectionId = await connect();

  const [popup = ""] = browser.popups;
  expect(popup).toContain(`${nango.url}/oauth/connect/github?`);
  expect(nango.nango.connections).toMatchObject([{ connectionId, tags: { end_user_id: "42" } }]);
});

test("the backend lists the user's own connections, and calls the API through the proxy", async () => {
  expect(await get("/connections")).toEqual([]);
  expect(await get("/profile")).toBeNull();

  nango.nango.connect(github, { end_user_id: "43" });
  const { connectionId, credentials } = nango.nango.connect(github, { end_user_id: "42" });
  expect(await get("/connections")).toMatchObject([
    { connection_id: connectionId, tags: { end_user_id: "42" } },
  ]);
  expect(await get("/profile")).toEqual({
    login: "ada",
    authorization: `Bearer ${String(credentials["access_token"])}`,
  });
});

test("the backend logs what Nango refuses, and tells the browser nothing of it", async () => {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  nango.nango.integrations = [];
  const response = await fetch(`${backendUrl}/connect-session`, { method: "POST" });
  expect(response.status).toBe(502);
  expect(await response.json()).toEqual({ error: "Nango did not do it" });
  const log = logged.mock.calls.flat().map(String).join(" ");
  expect(log).toMatch(/status code 400 .*Integration does not exist/);
  expect(log).not.toContain(nango.nango.apiKey);
});

test("each curl command works as it stands", async () => {
  const { connectionId } = nango.nango.connect(github, { end_user_id: "42" });
  const answers: unknown[] = [];
  for (const command of curlCommands()) {
    const env = { ...process.env, CONNECTION_ID: connectionId };
    const { stdout } = await promisify(execFile)("sh", ["-c", command], { env });
    answers.push(JSON.parse(stdout));
  }
  expect(answers).toMatchObject([
    { data: [{ unique_key: "github" }] },
    { data: { connect_link: expect.stringContaining(`${connectUrl}/?session_token=`) } },
    { connections: [{ connection_id: connectionId }] },
    { login: "ada" },
  ]);
});

test("connections of another Nango are copied as far as they can be, and each says how it went", async () => {
  const cloud = await startNango({ connectUrl, websocketsPath: "/" });
  const gitlab = { ...github, id: "gitlab" };
  cloud.nango.integrations = [github, gitlab];
  const tags = { end_user_id: "42" };
  const oauth = cloud.nango.connect(github, tags);
  cloud.nango.connect(github, tags, { connectionId: "k", credentials: { type: "API_KEY", apiKey: "a" } });
  cloud.nango.connect(github, tags, { connectionId: "j", credentials: { type: "JWT", token: "t" } });
  cloud.nango.connect(gitlab, tags, { connectionId: "g" });
  vi.stubEnv("FROM_HOST", cloud.url);
  vi.stubEnv("FROM_API_KEY", cloud.nango.apiKey);
  const printed = vi.spyOn(console, "log").mockReturnValue();
  await import("../../docs/examples/import-connections.ts");
  await cloud.close();

  expect(printed.mock.calls.flat()).toEqual([
    `github ${oauth.connectionId}: copied`,
    "github k: copied",
    "github j: not copied, for its kind cannot be: connect it again",
    expect.stringMatching(/^gitlab g: not copied: 404 .*Integration does not exist/),
  ]);
  const { raw: _, ...given } = oauth.credentials;
  expect(nango.nango.connections).toMatchObject([
    { connectionId: oauth.connectionId, tags, credentials: given },
    { connectionId: "k", tags, credentials: { type: "API_KEY", apiKey: "a" } },
  ]);
});

test("docs/connect.md holds every example as it is", () => {
  const text = read("connect.md");
  const examples = ["backend.ts", "frontend.ts", "frontend-own-button.ts", "import-connections.ts"].map(
    (file) => `\`\`\`ts\n${read(`examples/${file}`)}\`\`\``,
  );
  const commands = curlCommands().map((command) => `\`\`\`bash\n${command}\n\`\`\``);
  const missing = [...examples, ...commands].filter((block) => !text.includes(block));
  expect(missing).toEqual([]);
});
