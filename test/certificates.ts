import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 60 * 60 * 1000;

/** A private key and its certificate, as PEM. */
export interface ServerCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** A certificate authority that lives as long as the test. */
export class Authority {
  /** The root certificate, as PEM. */
  readonly certificate: string;
  readonly #root: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(root: X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.certificate = root.toString("pem");
    this.#root = root;
    this.#keys = keys;
  }

  static async create(name: string): Promise<Authority> {
    const keys = await createKeys();
    const root = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      ...validity(),
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ],
    });
    return new Authority(root, keys);
  }

  /** A certificate for a server of that host name, for so many more days; of less than none they are over. */
  async issue(host: string, days = 1): Promise<ServerCertificate> {
    const keys = await createKeys();
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${host}`,
      issuer: this.#root.subject,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      ...validity(days * day),
      signingAlgorithm: algorithm,
      extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: host }])],
    });
    const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return { key: PemConverter.encode(key, "PRIVATE KEY"), certificate: certificate.toString("pem") };
  }
}

async function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function validity(from = day): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + from) };
}
