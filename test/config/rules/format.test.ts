import { describe, expect, test } from "vitest";
import {
  certificateArnProblem,
  policyArnProblem,
  certificateRegion,
  cidrProblem,
  credentialProblem,
  domainProblem,
  emailProblem,
  hostedZoneProblem,
  pathProblem,
  resourceIdProblem,
  topicArnProblem,
} from "../../../infra/config/rules/format.ts";

type Bad = readonly (readonly [value: string, message: RegExp])[];

const certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
const long = (length: number) => `${"a".repeat(50)}.${"b".repeat(length - 55)}.com`;

const checks: Record<string, { check: (value: string) => string | undefined; good: string[]; bad: Bad }> = {
  "a domain": {
    check: domainProblem,
    good: [
      "nango.example.com",
      "a.b.c.d.example.co",
      "xn--bcher-kva.example",
      "n4ngo-1.example.com",
      long(64),
    ],
    bad: [
      ["https://nango.example.com", /has a scheme; give the bare host name/],
      ["nango.example.com/", /has a slash; give the bare host name/],
      ["nango.example.com/api", /has a slash/],
      ["nango.example.com:443", /has a port; it is always 443/],
      ["*.example.com", /is a wildcard/],
      ["nango.example.com.", /ends in a dot; leave it off/],
      ["Nango.example.com", /write it in lower case/],
      ["nango", /is not a host name such as nango\.example\.com/],
      ["nango..example.com", /is not a host name/],
      ["-nango.example.com", /is not a host name/],
      ["nango_1.example.com", /is not a host name/],
      ["nango.example.com ", /is not a host name/],
      ["nango.example.com\n", /is not a host name/],
      ["10.0.0.1", /is not a host name/],
      [long(65), /more than the 64 characters/],
    ],
  },
  "a mail address": {
    check: emailProblem,
    good: ["oncall@example.com", "on.call+nango@mail.example.co"],
    bad: [
      ["oncall", /is not a mail address such as oncall@example\.com/],
      ["oncall@example", /is not a mail address/],
      ["On Call <oncall@example.com>", /is not a mail address/],
      ["one@example.com,two@example.com", /is not a mail address/],
      ["oncall@example.com\n", /is not a mail address/],
    ],
  },
  "a topic": {
    check: topicArnProblem,
    good: [
      "arn:aws:sns:eu-central-1:123456789012:oncall",
      "arn:aws-cn:sns:cn-north-1:123456789012:On_call-1",
    ],
    bad: [
      ["oncall", /is not the ARN of an SNS topic, as in arn:aws:sns:eu-central-1:123456789012:oncall/],
      [
        "arn:aws:sns:eu-central-1:123456789012:oncall.fifo",
        /is a FIFO topic, to which EventBridge does not publish/,
      ],
      ["arn:aws:sqs:eu-central-1:123456789012:oncall", /is not the ARN of an SNS topic/],
      ["arn:aws:sns:eu-central-1:123456789012:oncall:5f0b4d7e", /is not the ARN of an SNS topic/],
    ],
  },
  "a hosted zone": {
    check: hostedZoneProblem,
    good: ["example.com", "example.com.", "Z0123456789ABCDEFGHIJ"],
    bad: [
      ["https://example.com", /neither the ID of a hosted zone/],
      ["z0123456789", /neither the ID/],
      ["/hostedzone/Z0123456789ABCDEFGHIJ", /neither the ID/],
    ],
  },
  "a certificate": {
    check: certificateArnProblem,
    good: [certificate, certificate.replace("arn:aws:", "arn:aws-cn:").replace("eu-central-1", "cn-north-1")],
    bad: [
      [certificate.replace(":acm:", ":iam:"), /is not the ARN of an ACM certificate/],
      [certificate.slice(0, -1), /is not the ARN/],
      [`${certificate}\n`, /is not the ARN/],
      [certificate.replace("123456789012", "12345"), /is not the ARN/],
    ],
  },
  "a policy": {
    check: policyArnProblem,
    good: [
      "arn:aws:iam::123456789012:policy/boundary",
      "arn:aws-us-gov:iam::123456789012:policy/security/team/boundary_1",
      "arn:aws:iam::aws:policy/PowerUserAccess",
    ],
    bad: [
      ["arn:aws:iam::123456789012:role/boundary", /is not the ARN of an IAM policy/],
      ["arn:aws:iam::123456789012:policy/", /is not the ARN/],
      ["arn:aws:iam::123456789012:policy/boundary\n", /is not the ARN/],
      ["arn:aws:iam:eu-central-1:123456789012:policy/boundary", /is not the ARN/],
    ],
  },
  "an IPv4 range": {
    check: cidrProblem,
    good: ["0.0.0.0/0", "203.0.113.7/32"],
    bad: [
      ["203.0.113.7", /is not an IPv4 range/],
      ["203.0.113.7/24", /the range is 203\.0\.113\.0\/24/],
      ["::/0", /is an IPv6 range, but the load balancer has IPv4 addresses only/],
    ],
  },
  "a VPC": {
    check: resourceIdProblem("vpc"),
    good: ["vpc-0123456789abcdef0", "vpc-01234567"],
    bad: [
      ["subnet-0123456789abcdef0", /is not the ID of a VPC/],
      ["vpc-0123", /is not the ID of a VPC/],
    ],
  },
  "a subnet": {
    check: resourceIdProblem("subnet"),
    good: ["subnet-0123456789abcdef0"],
    bad: [["vpc-0123456789abcdef0", /is not the ID of a subnet, as in subnet-/]],
  },
  "a path": {
    check: pathProblem,
    good: ["/", "/ws", "/a/b-c_d.e~f"],
    bad: [
      ["ws", /is not a path that starts with/],
      ["/ws?x=1", /is not a path/],
      ["https://example.com/ws", /is not a path/],
    ],
  },
  // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/clients/auth.client.ts#L103-L126
  "a user or password of the dashboard": {
    check: credentialProblem,
    good: ["nango", "correct horse battery staple", "p@ss/w%rd#1", "pässwörd"],
    bad: [
      ["user:name", /holds a ":", with which Nango can never authenticate anyone/],
      [":", /holds a ":"/],
      ["secret\n", /white space around it or a control character/],
      [" secret", /white space around it/],
      ["sec\tret", /control character/],
    ],
  },
};

describe.each(Object.entries(checks))("%s", (_, { check, good, bad }) => {
  test.each(good)("may be %j", (value) => {
    expect(check(value)).toBeUndefined();
  });
  test.each(bad)("may not be %j", (value, message) => {
    expect(check(value)).toMatch(message);
  });
});

test("the region of a certificate stands in its ARN", () => {
  expect(certificateRegion(certificate)).toBe("eu-central-1");
  expect(certificateRegion("arn:aws:acm:eu-central-1")).toBeUndefined();
});
