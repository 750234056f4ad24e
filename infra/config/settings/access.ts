import {
  allowedCidrProblem,
  certificateArnProblem,
  domainProblem,
  hostedZoneProblem,
} from "../rules/format.ts";
import { absent, present } from "./condition.ts";
import { list } from "./collections.ts";
import { flag, optionalText, presetFlag } from "./setting.ts";

/** The settings of how Nango is reached. */
export const access = {
  domain: optionalText({
    target: "aws",
    change: ["restarts Nango"],
    changeNote: "OAuth applications and webhooks keep the old address until you change them.",
    legal: "none, or a host name",
    description:
      "The host name of the API and the dashboard. Needs hostedZone, or certificateArn when DNS is elsewhere.",
    example: "nango.example.com",
    check: domainProblem,
  }),
  hostedZone: optionalText({
    target: "aws",
    needs: present("domain"),
    change: ["in place"],
    legal: "none, or the ID or name of a public Route 53 hosted zone",
    description:
      "The Route 53 hosted zone that holds domain and connectDomain: the certificate is validated and the records are made in it.",
    example: "example.com",
    // An ID lies under no name.
    placeholder: "Z0123456789ABCDEFGHIJ",
    check: hostedZoneProblem,
  }),
  certificateArn: optionalText({
    target: "aws",
    needs: present("domain"),
    change: ["in place"],
    legal: "none, or the ARN of an ACM certificate in the stack's region",
    description:
      "A certificate of your own for domain and connectDomain; a wildcard covers one level of names only. Without it one is issued through hostedZone.",
    example: "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
    check: certificateArnProblem,
  }),
  connectDomain: optionalText({
    target: "aws",
    needs: present("domain"),
    change: ["restarts Nango"],
    missing: "preset",
    legal: "preset (connect.<domain>), or a host name",
    description: "The host name of Connect UI, the page in which your users connect their accounts.",
    example: "connect.example.com",
    check: domainProblem,
  }),
  insecureHttp: flag({
    target: "aws",
    needs: absent("domain", "nango:domain gives HTTPS"),
    change: ["restarts Nango"],
    default: false,
    description:
      "Whether to serve plain HTTP on the load balancer's own name when there is no domain. API keys, OAuth codes and passwords then cross the internet readable: for a first look at dashboard and API only. Connect UI is left out, since it works in no browser without HTTPS.",
    example: "true",
  }),
  internal: flag({
    target: "aws",
    change: ["replaces the load balancer", "restarts Nango"],
    default: false,
    description:
      "Whether the load balancer has private addresses only. Providers' webhooks then cannot reach Nango; OAuth works for people inside the network, whose browsers make the callback.",
    example: "true",
  }),
  allowPrivateAddresses: presetFlag({
    change: ["restarts Nango"],
    description:
      "Whether Nango may send proxied requests and webhooks to private addresses, which it refuses by default. Preset: as internal.",
    example: "true",
  }),
  allowedCidrs: list({
    target: "aws",
    change: ["in place"],
    default: ["0.0.0.0/0"],
    legal: "IPv4 ranges, at least one",
    description: "The addresses that may reach the load balancer.",
    example: '["203.0.113.0/24"]',
    check: allowedCidrProblem,
  }),
};
