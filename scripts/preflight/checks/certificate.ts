import type { CertificateDetail } from "@aws-sdk/client-acm";
import { bad, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import type { AwsCheck, Subject } from "../subject.ts";

const day = 24 * 60 * 60 * 1000;
/** How many days a certificate that nobody renews should have left. */
const daysLeft = 21;

/** The ARN of a certificate that the stack is given; undefined where it makes one, or has none. */
function broughtCertificate({ plan }: Subject): string | undefined {
  if (plan.ofType("aws:acm/certificate:Certificate").length > 0) return undefined;
  return plan
    .ofType("aws:lb/listener:Listener")
    .map(({ inputs }) => inputs["certificateArn"])
    .find((arn) => typeof arn === "string");
}

export const certificate: AwsCheck = {
  id: "certificate",
  title: "Certificate",
  permissions: ["acm:DescribeCertificate"],
  async run(subject): Promise<Outcome> {
    const arn = broughtCertificate(subject);
    if (arn === undefined) return skipped("the stack is given none");
    const [, , , region = ""] = arn.split(":");
    if (region !== subject.region)
      return bad(
        `it is in ${region}, and a load balancer takes certificates of its own region, ${subject.region}`,
        `request or import one in ${subject.region}, and name it in nango:certificateArn`,
      );
    const found = await describe(subject, arn);
    if (found === undefined)
      return bad(
        `ACM has no certificate ${arn} in this account`,
        "nango:certificateArn names one of the account that the credentials are for",
      );
    return judged(found, subject.plan.hosts);
  },
};

async function describe(
  { aws: { acm } }: Subject,
  CertificateArn: string,
): Promise<CertificateDetail | undefined> {
  try {
    return (await acm.describeCertificate({ CertificateArn })).Certificate;
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

const renew = "request or import another one, and name it in nango:certificateArn";

function judged(found: CertificateDetail, hosts: readonly string[]): Outcome {
  const { Status = "unknown", SubjectAlternativeNames = [], DomainName = "", NotAfter, Type } = found;
  if (Status !== "ISSUED")
    return bad(
      `its status is ${Status}: a load balancer takes it only once it is ISSUED`,
      Status === "PENDING_VALIDATION" ? "make the DNS records that ACM shows for it, and wait" : renew,
    );
  const names = [...new Set([DomainName, ...SubjectAlternativeNames].filter((name) => name !== ""))];
  const uncovered = hosts.filter((host) => !names.some((name) => covers(name, host)));
  if (uncovered.length > 0)
    return bad(
      `it is for ${names.join(", ")}, and not for ${uncovered.join(", ")}${names.some(isWildcard) ? "; a wildcard covers one level of names" : ""}`,
      "one certificate has to hold both names: request another one, or choose nango:domain and nango:connectDomain within it",
    );
  const left = NotAfter === undefined ? undefined : Math.floor((+NotAfter - Date.now()) / day);
  if (left !== undefined && left < 0) return bad("it has expired", renew);
  if (left !== undefined && left < daysLeft)
    return warning(
      `it ends in ${left} days${Type === "IMPORTED" ? ", and ACM does not renew what was imported" : ""}`,
      renew,
    );
  return good(`it is issued, for ${names.join(", ")}`);
}

const isWildcard = (name: string) => name.startsWith("*.");

/** Whether a name in a certificate is a host's. https://datatracker.ietf.org/doc/html/rfc6125#section-6.4.3 */
export function covers(name: string, host: string): boolean {
  const [pattern, asked] = [name.toLowerCase(), host.toLowerCase()];
  return isWildcard(pattern) ? asked.replace(/^[^.]+/, "*") === pattern : asked === pattern;
}
