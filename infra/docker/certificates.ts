// What @peculiar/x509 is built with needs it, and first.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** What a server shows, and what its clients verify that with, as PEM. */
export interface ServerCertificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** How long the certificates hold. Nothing renews them earlier. */
export const validityYears = 20;

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * A certificate for a host, of an authority of its own. The authority's key is thrown away as soon as it has signed:
 * nobody can ever make another certificate that its clients trust.
 */
export async function makeCertificates(host: string, now = new Date()): Promise<ServerCertificates> {
  const keys = () => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const validity = {
    // A day back, for clocks that differ.
    notBefore: new Date(now.getTime() - 24 * 60 * 60 * 1000),
    notAfter: new Date(new Date(now).setUTCFullYear(now.getUTCFullYear() + validityYears)),
  };
  const authorityKeys = await keys();
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: `CN=Authority of ${host}`,
    keys: authorityKeys,
    ...validity,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  });
  const serverKeys = await keys();
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${host}`,
    issuer: authority.subject,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    ...validity,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
    ],
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", serverKeys.privateKey);
  return {
    authority: `${authority.toString("pem")}\n`,
    certificate: `${certificate.toString("pem")}\n`,
    key: `${PemConverter.encode(key, "PRIVATE KEY")}\n`,
  };
}

/**
 * Certificates that stay the same in every deployment: those of the first one are kept in the state, encrypted there,
 * and those that every later run of the program makes are ignored.
 */
export function keptCertificates(
  name: string,
  host: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<ServerCertificates> {
  const stash = new pulumi.Stash(
    name,
    { input: pulumi.secret(makeCertificates(host)) },
    { ...opts, ignoreChanges: ["input"], additionalSecretOutputs: ["output"] },
  );
  return stash.output as pulumi.Output<ServerCertificates>;
}
