import { expect, test } from "vitest";
import { isVacuous } from "../../policy/health-command.ts";
import { UNKNOWN, type Properties } from "../../project/values.ts";
import { objections } from "./objections.ts";

test.each<[command: string[], isVacuous: boolean]>([
  [["CMD-SHELL", "exit 0"], true],
  [["CMD-SHELL", "true"], true],
  [["CMD-SHELL", ""], true],
  [["CMD-SHELL", "curl -f http://localhost/ || true"], true],
  [["CMD-SHELL", "curl -f http://localhost/ || exit 0"], true],
  [["CMD-SHELL", "curl -s http://localhost/; exit 0"], true],
  [["CMD-SHELL", "curl -s http://localhost/ | echo"], true],
  [["CMD-SHELL", "echo ok || exit 1"], true],
  [["CMD", "/bin/true"], true],
  [["CMD", "sh", "-c", "exit 0"], true],
  [["CMD", "node", "-e", "process.exit(0)"], true],
  [["CMD", "node", "--version"], true],
  [["CMD-SHELL", "curl -f http://localhost/ || exit 1"], false],
  [["CMD-SHELL", "curl -f http://localhost/"], false],
  [["CMD-SHELL", "wget -qO- localhost:8126 | grep -q ok"], false],
  [["CMD-SHELL", "curl -f http://localhost/ && exit 0 || exit 1"], false],
  [["CMD-SHELL", "if ! curl -f http://localhost/; then exit 1; fi; exit 0"], false],
  [["CMD-SHELL", "test -f /tmp/ready && echo ready"], false],
  [["CMD", "agent", "health"], false],
  [["CMD", "pg_isready", "--host=127.0.0.1"], false],
  [["CMD", "node", "-e", 'fetch("http://127.0.0.1/").then((r) => process.exit(r.ok ? 0 : 1))'], false],
])("the health check %j", (command, expected) => {
  expect(isVacuous(command)).toBe(expected);
});

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const nango = (healthCheck: object, more: object = {}) => ({
  containerDefinitions: JSON.stringify([
    {
      name: "server",
      image: "nangohq/nango-server:hosted-3b2c0410e3b8444d5eacb45817f74ee8d462711a",
      command: ["node", "packages/server/dist/server.js"],
      portMappings: [{ containerPort: 3003 }],
      healthCheck,
      ...more,
    },
  ]),
});
const ask = (url: string) => ({ command: ["CMD", "node", "-e", `fetch("${url}").then(report)`] });

test("Nango is asked where it listens", () => {
  const said = (inputs: Properties) => objections("health-checks", TASK, inputs);
  expect(said(nango(ask("http://127.0.0.1:3003/health")))).toEqual([]);
  expect(said(nango({ command: ["CMD-SHELL", "node check.js $SERVER_PORT"] }))).toEqual([]);
  expect(said(nango(ask("https://example.com/")))).toEqual([
    "container server has a health check that does not ask at port 3003",
  ]);
  expect(said(nango({ command: ["NONE"] }, { essential: false }))).toEqual([
    "container server serves without a health check",
  ]);
});

test.each<[healthCheck: Properties, port: number, said: string[]]>([
  [{ path: "/ready", matcher: "200" }, 3003, []],
  [{ path: "/health", matcher: "200-399" }, 3003, []],
  [{ path: UNKNOWN, matcher: UNKNOWN }, 3003, []],
  [{ path: "/login", matcher: "401" }, 3000, []],
  [{ path: "/", matcher: "0-99" }, 50051, []],
  [{}, 3003, ["asks for /, where Nango has no health path"]],
  [
    { path: "/ready", matcher: "200,500-599" },
    3003,
    ["takes an answer for health that says the opposite: 500 is in 200,500-599"],
  ],
  [{ path: "/ready", enabled: false }, 3003, ["has its health check switched off"]],
])("a target group that asks %j at %i", (healthCheck, port, said) => {
  expect(objections("health-checks", "aws:lb/targetGroup:TargetGroup", { healthCheck, port })).toEqual(said);
});

test.each<[inputs: Properties, said: string[]]>([
  [{ ports: [{ internal: 80 }] }, ["serves without a health check"]],
  [{ networksAdvanced: [{ name: "nango", aliases: ["db"] }] }, ["serves without a health check"]],
  [{ ports: [{ internal: 80 }], healthcheck: { tests: ["CMD", "agent", "health"] } }, []],
  [{ ports: [{ internal: 80 }], mustRun: false }, []],
  [{ networksAdvanced: [{ name: "nango" }] }, []],
])("a container of Docker with %j", (inputs, said) => {
  expect(objections("health-checks", "docker:index/container:Container", inputs)).toEqual(said);
});
