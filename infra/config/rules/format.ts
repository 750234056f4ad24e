import { overlap, parseCidr } from "./cidr.ts";

/** Each function here says what is wrong with a text, or returns undefined. */
export type TextRule = (value: string) => string | undefined;

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const domainPattern = new RegExp(`^(?:${label}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`);

/** A host name as DNS and ACM take it: no scheme, port, path, trailing dot or wildcard. */
export const domainProblem: TextRule = (value) => {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return "has a scheme; give the bare host name";
  if (value.includes("/")) return "has a slash; give the bare host name";
  if (value.includes(":")) return "has a port; it is always 443";
  if (value.includes("*")) return "is a wildcard; give the one host name";
  if (value.endsWith(".")) return "ends in a dot; leave it off";
  if (value !== value.toLowerCase()) return "has capital letters; write it in lower case";
  if (value.length > 253 || !domainPattern.test(value)) return "is not a host name such as nango.example.com";
  // ACM: the common name of a certificate holds 64 characters.
  // https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
  return value.length > 64 ? "has more than the 64 characters that a certificate's name may have" : undefined;
};

/** The ID of a hosted zone: `Z` and capitals or digits. */
export const hostedZoneIdPattern = /^Z[A-Z0-9]{5,31}$/;

/** A hosted zone by ID or by name. */
export const hostedZoneProblem: TextRule = (value) =>
  hostedZoneIdPattern.test(value) || domainProblem(value.replace(/\.$/, "")) === undefined
    ? undefined
    : "is neither the ID of a hosted zone, such as Z0123456789ABCDEFGHIJ, nor its name, such as example.com";

const certificateArnPattern =
  /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** The ARN of an ACM certificate. */
export const certificateArnProblem: TextRule = (value) =>
  certificateArnPattern.test(value)
    ? undefined
    : "is not the ARN of an ACM certificate, as in arn:aws:acm:eu-central-1:123456789012:certificate/...";

/** The region of a well-formed certificate's ARN. */
export function certificateRegion(arn: string): string | undefined {
  return certificateArnPattern.exec(arn)?.[1];
}

/** The ARN of a customer managed policy, or of one of AWS's own, with its path. */
export const policyArnProblem: TextRule = (value) =>
  /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/(?:[\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,128}$/.test(value)
    ? undefined
    : "is not the ARN of an IAM policy, as in arn:aws:iam::123456789012:policy/nango-boundary";

/** An IPv4 range; load balancers here have no IPv6 address. */
export const cidrProblem: TextRule = (value) => {
  if (value.includes(":")) return "is an IPv6 range, but the load balancer has IPv4 addresses only";
  try {
    parseCidr(value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/** A range that may reach the load balancer. */
export const allowedCidrProblem: TextRule = (value) =>
  !value.includes("/") && cidrProblem(`${value}/32`) === undefined
    ? "is one address: as a range it ends in /32"
    : cidrProblem(value);

/** What AWS takes for no VPC. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const noVpc = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"];

/** The range of a VPC that the stack makes. */
export const vpcCidrProblem: TextRule = (value) => {
  const problem = cidrProblem(value);
  if (problem !== undefined) return problem;
  const range = parseCidr(value);
  const reserved = noVpc.find((other) => overlap(parseCidr(other), range));
  return reserved === undefined ? undefined : `lies in ${reserved}, of which AWS makes no VPC`;
};

/**
 * The type of an instance as every service of AWS composes it: the service's prefix or suffix around a family and a size.
 * Whether a region has it only AWS knows.
 */
export const instanceTypeProblem =
  (before: string, after: string, example: string, what: string): TextRule =>
  (value) => {
    const isType = (text: string) =>
      text.startsWith(before) &&
      text.endsWith(after) &&
      instanceType.test(text.slice(before.length, text.length - after.length));
    if (isType(value)) return undefined;
    const whole = `${before}${value}${after}`;
    return `is not ${what}${isType(whole) ? `: write ${whole}` : ` such as ${example}`}`;
  };

const instanceType = /^[a-z]{1,3}\d{1,2}[a-z]{0,4}\.(nano|micro|small|medium|large|\d{0,2}xlarge)$/;

/** The ID of a VPC or subnet. */
export const resourceIdProblem =
  (prefix: "vpc" | "subnet"): TextRule =>
  (value) =>
    new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`).test(value)
      ? undefined
      : `is not the ID of a ${prefix === "vpc" ? "VPC" : "subnet"}, as in ${prefix}-0123456789abcdef0`;

/** The path at which websockets are opened. */
export const pathProblem: TextRule = (value) =>
  !/^\/[A-Za-z0-9/_.~-]*$/.test(value)
    ? 'is not a path that starts with "/"'
    : // A browser takes "//ws" for a host, and resolves dots before it asks.
      /\/\/|\/\.{1,2}(\/|$)/.test(value)
      ? "holds // or a segment of dots, which browsers read as something else"
      : undefined;

/** A text that is one line without white space around it, such as a user, a password or a sender. */
export const lineProblem: TextRule = (value) => {
  if (value !== value.trim() || /\p{Cc}/u.test(value))
    return "has white space around it or a control character in it";
  // Nobody who copies it sees it, nor types it. U+200D joins emoji.
  const [invisible] = /(?!\u200D)[\p{Cf}\p{Zl}\p{Zp}]/u.exec(value) ?? [];
  return invisible === undefined
    ? undefined
    : `holds the invisible character U+${invisible.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`;
};

const mailbox = String.raw`[^\s<>@,;:"()[\]\\]+@[A-Za-z0-9.-]+`;

/** An address to send mail to. */
export const emailProblem: TextRule = (value) =>
  new RegExp(`^${mailbox}\\.[A-Za-z]{2,}$`, "u").test(value)
    ? undefined
    : "is not a mail address such as oncall@example.com";

const topicArnPattern = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}$/;

/**
 * The ARN of an SNS topic. EventBridge publishes to standard topics only, not to those whose names end in `.fifo`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
 */
export const topicArnProblem: TextRule = (value) =>
  topicArnPattern.test(value)
    ? undefined
    : value.endsWith(".fifo")
      ? "is a FIFO topic, to which EventBridge does not publish; give a standard one"
      : "is not the ARN of an SNS topic, as in arn:aws:sns:eu-central-1:123456789012:oncall";

/** The region of a well-formed topic's ARN. */
export function topicRegion(arn: string): string | undefined {
  return topicArnPattern.exec(arn)?.[1];
}

/** A sender of mail: an address, or a name and an address. A comma would make two of them. */
export const senderProblem: TextRule = (value) => {
  const name = String.raw`(?:"[^"\\\p{Cc}]*"|[^\s<>@,;:"()[\]\\\p{Cc}](?:[^<>@,;:"()[\]\\\p{Cc}]*))`;
  return new RegExp(`^(?:${mailbox}|${name} *<${mailbox}>)$`, "u").test(value)
    ? undefined
    : "is neither an address nor a name and an address, as in Nango <nango@example.com>; a name with punctuation needs quotes";
};

/**
 * A user name or password of the dashboard. HTTP basic authentication ends the user name at the first colon, and Nango
 * takes what stands between the first two for the password, so either with a colon never authenticates.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/clients/auth.client.ts#L103-L126
 */
export const credentialProblem: TextRule = (value) => {
  if (value.includes(":")) return 'holds a ":", with which Nango can never authenticate anyone';
  return lineProblem(value);
};
