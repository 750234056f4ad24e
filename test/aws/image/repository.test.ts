import { expect, test } from "vitest";
import { existingRepositoryArn } from "../../../infra/aws/image/repository.ts";

test.each([
  [
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/nango",
    "arn:aws:ecr:eu-west-1:123456789012:repository/nango",
  ],
  [
    "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/acme/nango",
    "arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/acme/nango",
  ],
  [
    "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/nango",
    "arn:aws-eusc:ecr:eusc-de-east-1:123456789012:repository/nango",
  ],
  [
    "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/nango",
    "arn:aws-cn:ecr:cn-north-1:123456789012:repository/nango",
  ],
  [
    "123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov/nango",
    "arn:aws-iso-b:ecr:us-isob-east-1:123456789012:repository/nango",
  ],
])("%s has a repository that the execution role may pull from", (repository, arn) => {
  expect(existingRepositoryArn(repository)).toBe(arn);
});

test.each(["nangohq/nango-server", "ghcr.io/acme/nango", "public.ecr.aws/acme/nango"])(
  "%s takes no permission of AWS",
  (repository) => {
    expect(existingRepositoryArn(repository)).toBeUndefined();
  },
);
