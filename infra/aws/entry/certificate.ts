import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface CertificateArgs {
  /** The host names of the certificate, the first its common name. Plain: there is a record for each. */
  readonly domains: readonly [string, ...string[]];
  /** The ID of the public hosted zone in which the names are proved. */
  readonly hostedZoneId: pulumi.Input<string>;
}

/** A certificate of ACM that is issued, and renewed, through Route 53. */
export class Certificate extends pulumi.ComponentResource {
  /** The ARN of the certificate, once it is valid. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Certificate", name, {}, opts);
    const [domainName, ...subjectAlternativeNames] = args.domains;
    const certificate = new aws.acm.Certificate(
      name,
      { domainName, subjectAlternativeNames, validationMethod: "DNS", tags: { Name: name } },
      { parent: this },
    );
    const records = args.domains.map((domain) =>
      this.validationRecord(name, domain, certificate, args.hostedZoneId),
    );
    const validation = new aws.acm.CertificateValidation(
      name,
      { certificateArn: certificate.arn, validationRecordFqdns: records.map((record) => record.fqdn) },
      { parent: this, customTimeouts: { create: "30m" } },
    );
    this.arn = validation.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }

  private validationRecord(
    name: string,
    domain: string,
    certificate: aws.acm.Certificate,
    zoneId: pulumi.Input<string>,
  ): aws.route53.Record {
    // ACM lists its options in any order.
    const option = certificate.domainValidationOptions.apply((options) =>
      options.find((candidate) => candidate.domainName === domain)!,
    );
    return new aws.route53.Record(
      `${name}-${domain}`,
      {
        zoneId,
        name: option.resourceRecordName,
        type: option.resourceRecordType,
        records: [option.resourceRecordValue],
        ttl: 300,
        // The record depends on the account and the name only: it may be there from another certificate.
        allowOverwrite: true,
      },
      { parent: this },
    );
  }
}
