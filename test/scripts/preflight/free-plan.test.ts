import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { accountPlanOf } from "../../../scripts/aws/free-plan.ts";

let server: Server | undefined;
afterEach(() => server?.close());

async function answering(status: number, body: string, seen: IncomingMessage[] = []): Promise<string> {
  const listening = createServer((request, response) => {
    seen.push(request);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(body);
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`;
}

const credentials = { accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "token" };

test("the plan of an account is asked for in one signed request", async () => {
  const seen: IncomingMessage[] = [];
  const plan = {
    accountPlanType: "FREE",
    accountPlanStatus: "ACTIVE",
    accountPlanRemainingCredits: { amount: 100, unit: "USD" },
  };
  const endpoint = await answering(200, JSON.stringify({ accountId: "123456789012", ...plan }), seen);
  expect(await accountPlanOf(async () => credentials, endpoint)).toEqual(plan);
  expect(seen[0]?.method).toBe("POST");
  expect(seen[0]?.headers).toMatchObject({
    "x-amz-target": "AWSFreeTierService.GetAccountPlanState",
    "x-amz-security-token": "token",
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/us-east-1\/freetier\/aws4_request/,
    ),
  });
});

test("an account of before the plans has none", async () => {
  const body = JSON.stringify({
    __type: "com.amazonaws.freetier#ResourceNotFoundException",
    message: "none",
  });
  expect(await accountPlanOf(credentials, await answering(400, body))).toBeUndefined();
});

test.each<[number, string, object]>([
  [
    400,
    '{"__type":"AccessDeniedException","message":"not authorized"}',
    { name: "AccessDeniedException", message: "not authorized" },
  ],
  [500, "<html>", { name: "HTTP 500" }],
])("what is no plan is an error: %s %s", async (status, body, error) => {
  await expect(accountPlanOf(credentials, await answering(status, body))).rejects.toMatchObject(error);
});

test("nobody who answers is an error, too", async () => {
  const endpoint = await answering(200, "{}");
  server?.close();
  await expect(accountPlanOf(credentials, endpoint)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
