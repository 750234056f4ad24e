import type * as aws from "@pulumi/aws";
import { expect, test, vi } from "vitest";

import { providerArn } from "../../bootstrap/identity-provider.ts";
import { issuersFor } from "../../bootstrap/trust.ts";

const [gitHub] = issuersFor({
  region: "eu-central-1",
  github: { owner: "acme", ownerId: "1", name: "nango", id: "2" },
  gitlab: undefined,
  branch: "main",
  stacks: ["dev"],
  pullRequests: [],
  backend: undefined,
});
const account = { id: "123456789012", partition: "aws" };
const arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";

type LookUp = typeof aws.iam.getOpenIdConnectProvider;
const finding = (clientIdLists: string[], tags = {}) =>
  vi.fn<LookUp>(async () => ({ id: arn, arn, url: "", clientIdLists, thumbprintLists: [], tags }));
const failing = (message: string) =>
  vi.fn<LookUp>(async () => {
    throw new Error(message);
  });

/** What an output will be; it is known at once here, where nothing is deployed. */
const valueOf = (output: unknown) => (output as { promise(): Promise<unknown> }).promise();

test("one that somebody else made is used, and left alone", async () => {
  const lookUp = finding(["https://github.com/acme", "sts.amazonaws.com"], { "nango-bootstrap": "another" });
  expect(await valueOf(await providerArn(gitHub!, account, lookUp))).toBe(arn);
  expect(lookUp).toHaveBeenCalledExactlyOnceWith({ arn });
});

test("one that somebody else made for others is said, with the way out", async () => {
  await expect(providerArn(gitHub!, account, finding(["https://github.com/acme"]))).rejects.toThrow(
    `lets in tokens for https://github.com/acme only. Let it take those of this pipeline as well: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id sts.amazonaws.com`,
  );
});

test("what cannot be seen is not taken for absent", async () => {
  await expect(
    providerArn(
      gitHub!,
      account,
      failing("AccessDenied: not authorized to perform iam:GetOpenIDConnectProvider"),
    ),
  ).rejects.toThrow(/cannot be seen: AccessDenied/);
});
