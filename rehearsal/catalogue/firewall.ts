import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/** `aws.wafv2`: a firewall in front of the load balancer, which no stack has unless infra/customize.ts adds it. */
export const firewallResources = {
  "aws:wafv2/webAcl:WebAcl": resource<aws.wafv2.WebAcl, aws.wafv2.WebAclArgs>({
    autoName: { property: "name", maximum: 128 },
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html
    outputs: ({ inputs, uuid, arn }) => {
      const id = uuid();
      const scope = inputs.scope === "CLOUDFRONT" ? "global" : "regional";
      return { id, arn: arn("wafv2", `${scope}/webacl/${inputs.name}/${id}`), lockToken: uuid() };
    },
    replacedBy: ["name", "namePrefix", "scope", "region"],
  }),
  "aws:wafv2/webAclAssociation:WebAclAssociation": resource<
    aws.wafv2.WebAclAssociation,
    aws.wafv2.WebAclAssociationArgs
  >({
    outputs: ({ inputs }) => ({ id: `${inputs.webAclArn},${inputs.resourceArn}` }),
    replacedBy: ["webAclArn", "resourceArn", "region"],
  }),
};
