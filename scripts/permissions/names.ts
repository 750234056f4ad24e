import { partitionOf } from "../../infra/config/rules/aws-region.ts";
import { type CallPermissions, type Grant, look, make, provider, type ResourcePermissions } from "./grant.ts";
import { arn, inRegion, type Place } from "./place.ts";
import { tagged, tagging } from "./tags.ts";

const RECORD = "aws:route53/record:Record";
const ZONE = "aws:route53/getZone:getZone";

const route53 = ({ region }: Place, resource: string) =>
  `arn:${partitionOf(region).name}:route53:::${resource}`;

/** Reading the zone of the records. */
function readZone(place: Place, actions: string): Grant {
  return look(
    `route53:${actions}`,
    zones(place),
    isFound(place) ? { because: "of a zone that is given by its name nobody knows the ID before" } : {},
  );
}

const isFound = ({ invokes }: Place) => invokes.some(({ token }) => token === ZONE);

function zones(place: Place): string[] {
  const records = place.resources.filter(({ type }) => type === RECORD);
  const ids = isFound(place) ? ["*"] : [...new Set(records.map(({ inputs }) => String(inputs["zoneId"])))];
  return ids.map((id) => route53(place, `hostedzone/${id}`));
}

/**
 * A record's name as the conditions have it, with `*` for what ACM makes up to prove a domain.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html#route53_rrset_conditionkeys_normalization
 */
const normalized = (name: unknown) =>
  String(name)
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^_[0-9a-f]{32}\./, "_*.");

/** `aws.route53` and `aws.acm` */
export const names: Readonly<Record<string, ResourcePermissions>> = {
  [RECORD]: {
    source: provider("route53/record.go"),
    grants: (_, place) => {
      const records = place.resources.filter(({ type }) => type === RECORD);
      const ofAll = (read: (inputs: Readonly<Record<string, unknown>>) => string) =>
        [...new Set(records.map(({ inputs }) => read(inputs)))].toSorted();
      return [
        make("route53:ChangeResourceRecordSets", zones(place), {
          when: {
            "ForAllValues:StringLike": {
              "route53:ChangeResourceRecordSetsNormalizedRecordNames": ofAll(({ name }) => normalized(name)),
            },
            "ForAllValues:StringEquals": {
              "route53:ChangeResourceRecordSetsRecordTypes": ofAll(({ type }) => String(type)),
            },
          },
        }),
        make("route53:GetChange", [route53(place, "change/*")], {
          because: "a change has an ID that Route 53 makes up, and tells nothing but whether it is through",
        }),
        readZone(place, "GetHostedZone ListResourceRecordSets"),
      ];
    },
  },
  "aws:acm/certificate:Certificate": {
    source: provider("acm/certificate.go"),
    grants: ({ inputs }, place) => {
      const { domainName, subjectAlternativeNames: others } = inputs;
      const certificates = [arn(place, "acm", "certificate/*")];
      return [
        make("acm:RequestCertificate", ["*"], {
          when: {
            ...tagging,
            "ForAllValues:StringEquals": {
              "acm:DomainNames": [domainName, ...(Array.isArray(others) ? others : [])].map(String),
            },
            StringEquals: { "acm:ValidationMethod": "DNS", ...inRegion(place).when["StringEquals"] },
          },
        }),
        make("acm:AddTagsToCertificate", certificates, { when: tagging }),
        make("acm:AddTagsToCertificate RemoveTagsFromCertificate DeleteCertificate", certificates, {
          when: tagged,
        }),
        look("acm:DescribeCertificate ListTagsForCertificate", certificates, { when: tagged }),
      ];
    },
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    source: provider("acm/certificate_validation.go"),
    grants: (_, place) => [
      look("acm:DescribeCertificate", [arn(place, "acm", "certificate/*")], { when: tagged }),
    ],
  },
};

/** The zone that is looked up by its name. */
export const nameCalls: Readonly<Record<string, CallPermissions>> = {
  [ZONE]: {
    source: provider("route53/zone_data_source.go"),
    grants: (place) => [
      look("route53:ListHostedZones", ["*"]),
      readZone(place, "GetHostedZone ListTagsForResource"),
    ],
  },
};
