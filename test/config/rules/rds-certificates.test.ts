import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { rdsCertificates } from "../../../infra/config/rules/rds-certificates.ts";

const regions = `af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
  ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ca-central-1 eu-central-1 eu-central-2 eu-north-1
  eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 me-central-1 me-south-1 sa-east-1 us-east-1 us-east-2
  us-west-1 us-west-2`.split(/\s+/);
const today = new Date("2026-11-22");

const read = (pem: string) =>
  pem.split(/(?<=-----END CERTIFICATE-----\n)/).map((block) => new X509Certificate(block));

const describeKey = ({ publicKey: { asymmetricKeyType, asymmetricKeyDetails } }: X509Certificate) =>
  `${asymmetricKeyType} ${asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve}`;

// us-east-1 and us-east-2 have Beta and Preview authorities too, some regions have expired ones beside these three.
test.each(regions)("%s has its three roots and no other certificate", (region) => {
  const certificates = read(rdsCertificates(region, today) ?? "");
  const names = certificates.map(({ subject }) => /^CN=(.*)$/m.exec(subject)?.[1]).sort();
  expect(names).toEqual(
    ["ECC384", "RSA2048", "RSA4096"].map((kind) => `Amazon RDS ${region} Root CA ${kind} G1`),
  );
  expect(certificates.map(describeKey).sort()).toEqual(["ec secp384r1", "rsa 2048", "rsa 4096"]);
  for (const certificate of certificates) {
    expect(certificate.ca && certificate.verify(certificate.publicKey)).toBe(true);
    expect(new Date(certificate.validTo) > today).toBe(true);
  }
});

test("leaves a certificate out once it has expired", () => {
  const later = read(rdsCertificates("eu-central-1", new Date("2070-01-01")) ?? "");
  expect(later.map(describeKey).sort()).toEqual(["ec secp384r1", "rsa 4096"]);
  expect(rdsCertificates("eu-central-1", new Date("2200-01-01"))).toBeUndefined();
});

test.each(["cn-north-1", "us-gov-west-1", "il-central-1", "eu-central", "eu-central-1 Root", "", ".*", "("])(
  "has none for %j",
  (region) => {
    expect(rdsCertificates(region, today)).toBeUndefined();
  },
);
