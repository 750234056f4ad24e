import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { ECS } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { awsClientOptions } from "../../../infra/aws/deploying/client-options.ts";

let proxy: Server;
/** The hosts to which the proxy was asked for a way. */
let asked: string[];

beforeEach(async () => {
  asked = [];
  proxy = createServer().on("connect", ({ url }, socket) => {
    asked.push(String(url));
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  for (const name of Object.keys(process.env)) if (/^AWS_|_proxy$/i.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => proxy.close(resolve));
});

const provider = { region: "eu-central-1", accessKey: "AKIAOWN", secretKey: "secret" };

test("calls go through the proxy of the environment, as the provider's do", async () => {
  const ecs = new ECS({ ...(await awsClientOptions(provider, "ecs")), maxAttempts: 1 });
  await expect(ecs.listTasks({})).rejects.toThrow();
  const logs = new CloudWatchLogs({ ...(await awsClientOptions(provider, "logs")), maxAttempts: 1 });
  await expect(logs.describeLogGroups({})).rejects.toThrow();
  expect(asked).toEqual(["ecs.eu-central-1.amazonaws.com:443", "logs.eu-central-1.amazonaws.com:443"]);
});

test("roles are assumed through it, too", async () => {
  const role = { roleArn: "arn:aws:iam::123456789012:role/deploy" };
  const ecs = new ECS({
    ...(await awsClientOptions({ ...provider, assumeRoles: [role] }, "ecs")),
    maxAttempts: 1,
  });
  await expect(ecs.listTasks({})).rejects.toThrow();
  expect(asked).toContain("sts.eu-central-1.amazonaws.com:443");
});

test("hosts of NO_PROXY are reached without it", async () => {
  vi.stubEnv("NO_PROXY", "127.0.0.1");
  // Nobody listens there.
  const endpoints = [{ ecs: "https://127.0.0.1:9" }];
  const ecs = new ECS({ ...(await awsClientOptions({ ...provider, endpoints }, "ecs")), maxAttempts: 1 });
  await expect(ecs.listTasks({})).rejects.toThrow(/ECONNREFUSED/);
  expect(asked).toEqual([]);
});
