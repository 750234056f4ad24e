import { createPrivateKey, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { makeCertificates, type ServerCertificates, validityYears } from "../../infra/docker/certificates.ts";

describe("the certificates of a host", () => {
  const now = new Date("2026-02-28T12:00:00Z");
  let made: ServerCertificates;
  let authority: X509Certificate;
  let certificate: X509Certificate;

  beforeAll(async () => {
    made = await makeCertificates("postgres", now);
    authority = new X509Certificate(made.authority);
    certificate = new X509Certificate(made.certificate);
  });

  test("hold for that host and for no other", () => {
    expect(certificate.checkHost("postgres")).toBe("postgres");
    expect(certificate.checkHost("postgres.example.com")).toBeUndefined();
    expect(certificate.subjectAltName).toBe("DNS:postgres");
  });

  test("are signed by their own authority, which is one", () => {
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(authority.ca).toBe(true);
    expect(certificate.ca).toBe(false);
  });

  test("come with the key of the server and not with that of the authority", () => {
    const key = createPrivateKey(made.key);
    expect(certificate.checkPrivateKey(key)).toBe(true);
    expect(authority.checkPrivateKey(key)).toBe(false);
  });

  test("hold as long as is documented, from a day ago", () => {
    for (const { validFrom, validTo } of [authority, certificate]) {
      expect(new Date(validFrom)).toEqual(new Date("2026-02-27T12:00:00Z"));
      expect(new Date(validTo)).toEqual(new Date(`${2026 + validityYears}-02-28T12:00:00Z`));
    }
  });

  test("are different ones each time", async () => {
    expect((await makeCertificates("postgres", now)).key).not.toBe(made.key);
  });
});
