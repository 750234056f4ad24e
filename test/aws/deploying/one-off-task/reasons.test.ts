import { expect, test } from "vitest";
import { diagnose } from "../../../../infra/aws/deploying/one-off-task/reasons.ts";

// Texts as ECS gives them: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
test.each([
  [
    "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/nangohq/nango-server:hosted-1: docker.io/nangohq/nango-server:hosted-1: not found",
    "The image does not exist",
  ],
  [
    'CannotPullContainerError: inspect image has been retried 1 time(s): failed to resolve ref "docker.io/nangohq/nango:x": failed to do request: Head https://registry-1.docker.io/v2/nangohq/nango/manifests/x: dial tcp 3.216.34.172:443: i/o timeout',
    "The registry cannot be reached",
  ],
  [
    "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code 429 Too Many Requests - toomanyrequests: You have reached your pull rate limit",
    "The registry limits anonymous pulls",
  ],
  [
    "CannotPullContainerError: pull access denied for nangohq/private, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    "The registry refuses the pull",
  ],
  [
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException: User is not authorized to perform: secretsmanager:GetSecretValue",
    "Allow the task's execution role",
  ],
  [
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 5 time(s): failed to fetch secret: RequestCanceled: request context canceled caused by: context deadline exceeded. Please check your task network configuration.",
    "AWS cannot be reached",
  ],
  [
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key NANGO_ADMIN_KEY",
    "The secret, its version or one of its keys is missing",
  ],
  [
    "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.",
    "Check that the log group exists",
  ],
  [
    "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: AccessDeniedException: not authorized to perform: logs:CreateLogStream",
    "Allow the task's execution role",
  ],
  [
    "Timeout waiting for network interface provisioning to complete.",
    "Check that the subnets have free addresses",
  ],
  [
    "Unexpected EC2 error while attempting to Create Network Interface: InsufficientFreeAddressesInSubnet",
    "free addresses",
  ],
  ["You've reached the limit on the number of vCPUs you can run concurrently", "Service Quotas"],
  ["The requested CPU configuration is above your limit", "Service Quotas"],
  ["CredentialsProviderError: Could not load credentials from any providers", "log in again"],
])("%s", (reason, remedy) => {
  expect(diagnose(reason)?.remedy).toContain(remedy);
});

test("a reason that nobody knows gets no remedy", () => {
  expect(diagnose("Scaling activity initiated by (deployment ecs-svc/1)")).toBeUndefined();
  expect(diagnose("")).toBeUndefined();
});
