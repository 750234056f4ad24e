import type * as aws from "@pulumi/aws";

import { invocation, resource } from "./entry.ts";

/** A zone of Route 53 that every load balancer's name lies in. */
const LOAD_BALANCER_ZONE = "Z35SXDOTRQ7X7K";

/** `aws.lb`, `aws.acm` and `aws.route53`: the way in from the internet. */
export const loadBalancingResources = {
  "aws:lb/loadBalancer:LoadBalancer": resource<aws.lb.LoadBalancer, aws.lb.LoadBalancerArgs>({
    autoName: { property: "name", maximum: 32 },
    outputs: ({ inputs, hex, bytes, arn, region, dnsSuffix }) => {
      const arnSuffix = `app/${inputs.name}/${hex(16)}`;
      const number = bytes(4).readUInt32BE();
      return {
        id: arn("elasticloadbalancing", `loadbalancer/${arnSuffix}`),
        arn: arn("elasticloadbalancing", `loadbalancer/${arnSuffix}`),
        arnSuffix,
        dnsName: `${inputs.internal === true ? "internal-" : ""}${inputs.name}-${number}.${region}.elb.${dnsSuffix}`,
        zoneId: LOAD_BALANCER_ZONE,
        vpcId: `vpc-${hex(17)}`,
      };
    },
    replacedBy: ["name", "namePrefix", "internal", "loadBalancerType"],
  }),
  "aws:lb/targetGroup:TargetGroup": resource<aws.lb.TargetGroup, aws.lb.TargetGroupArgs>({
    autoName: { property: "name", maximum: 32 },
    outputs: ({ inputs, hex, arn }) => {
      const arnSuffix = `targetgroup/${inputs.name}/${hex(16)}`;
      return {
        id: arn("elasticloadbalancing", arnSuffix),
        arn: arn("elasticloadbalancing", arnSuffix),
        arnSuffix,
      };
    },
    replacedBy: [
      "name",
      "namePrefix",
      "vpcId",
      "targetType",
      "protocol",
      "protocolVersion",
      "port",
      "ipAddressType",
    ],
  }),
  "aws:lb/listener:Listener": resource<aws.lb.Listener, aws.lb.ListenerArgs>({
    outputs: ({ inputs, hex }) => {
      const listenerArn = `${inputs.loadBalancerArn.replace(":loadbalancer/", ":listener/")}/${hex(16)}`;
      return { id: listenerArn, arn: listenerArn };
    },
    replacedBy: ["loadBalancerArn"],
  }),
  "aws:lb/listenerRule:ListenerRule": resource<aws.lb.ListenerRule, aws.lb.ListenerRuleArgs>({
    outputs: ({ inputs, hex }) => {
      const ruleArn = `${inputs.listenerArn.replace(":listener/", ":listener-rule/")}/${hex(16)}`;
      return { id: ruleArn, arn: ruleArn };
    },
    replacedBy: ["listenerArn"],
  }),
  "aws:acm/certificate:Certificate": resource<aws.acm.Certificate, aws.acm.CertificateArgs>({
    outputs: ({ inputs, hex, arn }) => {
      const domains = [...new Set([inputs.domainName ?? "", ...(inputs.subjectAlternativeNames ?? [])])];
      const certificateArn = arn("acm", `certificate/${hex(32)}`);
      return {
        id: certificateArn,
        arn: certificateArn,
        status: "PENDING_VALIDATION",
        domainValidationOptions: domains.map((domainName) => ({
          domainName,
          resourceRecordName: `_${hex(32)}.${domainName.replace(/^\*\./, "")}.`,
          resourceRecordType: "CNAME",
          resourceRecordValue: `_${hex(32)}.acm-validations.aws.`,
        })),
      };
    },
    replacedBy: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm"],
  }),
  "aws:acm/certificateValidation:CertificateValidation": resource<
    aws.acm.CertificateValidation,
    aws.acm.CertificateValidationArgs
  >({
    // The time of issue. https://github.com/hashicorp/terraform-provider-aws/blob/v6.0.0/internal/service/acm/certificate_validation.go
    outputs: () => ({ id: "2030-01-01 00:00:00 +0000 UTC" }),
    replacedBy: ["certificateArn", "validationRecordFqdns"],
  }),
  "aws:route53/record:Record": resource<aws.route53.Record, aws.route53.RecordArgs>({
    outputs: ({ inputs }) => {
      const fqdn = inputs.name.replace(/\.$/, "");
      return { id: `${inputs.zoneId}_${fqdn}_${inputs.type}`, fqdn };
    },
    replacedBy: ["zoneId", "name"],
  }),
};

export const loadBalancingFunctions = {
  "aws:route53/getZone:getZone": invocation<
    aws.route53.GetZoneArgs,
    Pick<aws.route53.GetZoneResult, "id" | "zoneId" | "name" | "arn" | "nameServers" | "privateZone">
  >({
    answer: ({ inputs, hex, partition }) => {
      const zoneId = inputs.zoneId ?? `Z${hex(20).toUpperCase()}`;
      return {
        id: zoneId,
        zoneId,
        name: inputs.name?.replace(/\.$/, "") ?? "example.com",
        arn: `arn:${partition}:route53:::hostedzone/${zoneId}`,
        nameServers: ["ns-1.awsdns-1.com", "ns-2.awsdns-2.net"],
        privateZone: inputs.privateZone ?? false,
      };
    },
  }),
};
