import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { createServiceLinkedRole, type RoleOwner } from "../../../infra/aws/deploying/service-linked-role.ts";

let server: Server | undefined;
afterEach(() => vi.restoreAllMocks());
afterEach(() => new Promise((resolve) => void (server ? server.close(resolve) : resolve(undefined))));

const failure = (code: string, message: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
const missing = [404, failure("NoSuchEntity", "The role cannot be found.")] as const;
const role =
  "<Role><Path>/</Path><RoleName>r</RoleName><RoleId>i</RoleId><Arn>a</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>";
const done = (action: string) =>
  [200, `<${action}Response><${action}Result>${role}</${action}Result></${action}Response>`] as const;

/** An IAM that answers as told, and what it was asked. */
async function iam(answers: Record<string, readonly [number, string]>) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const parameters = new URLSearchParams(body);
      const action = parameters.get("Action")!;
      asked.push([action, parameters.get("RoleName") ?? parameters.get("AWSServiceName")].join(" "));
      const [status, xml] = answers[action] ?? [500, failure("ServiceFailure", `no answer to ${action}`)];
      response.writeHead(status, { "content-type": "text/xml" }).end(xml);
    });
  });
  await new Promise<void>((resolve) => void server!.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = {
    region: "eu-central-1",
    accessKey: "key",
    secretKey: "secret",
    endpoints: [{ iam: url }],
  };
  return {
    asked,
    ensure: (owner: RoleOwner = "opensearch") => createServiceLinkedRole(owner, provider, 0),
  };
}

const lookUp = "GetRole AWSServiceRoleForAmazonOpenSearchService";
const create = "CreateServiceLinkedRole opensearchservice.amazonaws.com";

test("a role that is there is left alone", async () => {
  const { asked, ensure } = await iam({ GetRole: done("GetRole") });
  await ensure();
  expect(asked).toEqual([lookUp]);
});

test("a role that is absent is created", async () => {
  const { asked, ensure } = await iam({
    GetRole: missing,
    CreateServiceLinkedRole: done("CreateServiceLinkedRole"),
  });
  await ensure();
  expect(asked).toEqual([lookUp, create]);
});

test("a role that someone else creates meanwhile is welcome", async () => {
  const taken =
    "Service role name AWSServiceRoleForAmazonOpenSearchService has been taken in this account, please try a different suffix.";
  const { ensure } = await iam({
    GetRole: missing,
    CreateServiceLinkedRole: [400, failure("InvalidInput", taken)],
  });
  await expect(ensure()).resolves.toBeUndefined();
});

const denied = (action: string) =>
  [403, failure("AccessDenied", `not authorized to perform: ${action}`)] as const;

test("a role that is missing and may not be made ends the deployment with how it is made by hand", async () => {
  const { ensure } = await iam({
    GetRole: missing,
    CreateServiceLinkedRole: denied("iam:CreateServiceLinkedRole"),
  });
  await expect(ensure()).rejects.toThrow(
    /not authorized.*aws iam create-service-linked-role --aws-service-name opensearchservice/,
  );
});

test("who may not look for roles makes one, or meets the one that is there", async () => {
  const first = await iam({
    GetRole: denied("iam:GetRole"),
    CreateServiceLinkedRole: done("CreateServiceLinkedRole"),
  });
  await first.ensure();
  expect(first.asked).toEqual([lookUp, create]);
  await new Promise((resolve) => void server!.close(resolve));
  const taken = failure("InvalidInput", "Service role name X has been taken in this account");
  const { ensure } = await iam({
    GetRole: denied("iam:GetRole"),
    CreateServiceLinkedRole: [400, taken],
  });
  await expect(ensure()).resolves.toBeUndefined();
});

test("who may neither look for a role nor make one goes on, and is told what to do if it is missing", async () => {
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const { ensure } = await iam({
    GetRole: denied("iam:GetRole"),
    CreateServiceLinkedRole: denied("iam:CreateServiceLinkedRole"),
  });
  await expect(ensure()).resolves.toBeUndefined();
  expect(warn).toHaveBeenCalledExactlyOnceWith(
    expect.stringMatching(/iam:GetRole.*aws iam create-service-linked-role --aws-service-name opensearch/),
  );
});

test("a lookup that fails for another reason ends the deployment", async () => {
  const { asked, ensure } = await iam({ GetRole: [400, failure("InvalidClientTokenId", "bad token")] });
  await expect(ensure()).rejects.toThrow(/bad token/);
  expect(asked).toEqual([lookUp]);
});

test("the role of ECS is made alike", async () => {
  const { asked, ensure } = await iam({
    GetRole: missing,
    CreateServiceLinkedRole: done("CreateServiceLinkedRole"),
  });
  await ensure("ecs");
  expect(asked).toEqual(["GetRole AWSServiceRoleForECS", "CreateServiceLinkedRole ecs.amazonaws.com"]);
});
