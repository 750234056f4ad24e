import { look, make, provider, type ResourcePermissions } from "./grant.ts";
import { balancers } from "./load-balancing.ts";
import { arn, inRegion, namePattern, namePatterns, type Place } from "./place.ts";

const ACL = "aws:wafv2/webAcl:WebAcl";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html */
const referred = ["managedruleset", "rulegroup", "ipset", "regexpatternset"];

const webAcl = (place: Place, name: string) => arn(place, "wafv2", `regional/webacl/${name}/*`);

/** `aws.wafv2` */
export const firewall: Readonly<Record<string, ResourcePermissions>> = {
  [ACL]: {
    source: provider("wafv2/web_acl.go"),
    grants: (resource, place) => {
      const on = [webAcl(place, namePattern(place, resource))];
      return [
        make("wafv2:CreateWebACL UpdateWebACL DeleteWebACL TagResource UntagResource", on),
        make(
          "wafv2:CreateWebACL UpdateWebACL",
          referred.map((kind) => arn(place, "wafv2", `regional/${kind}/*/*`)),
          { because: "rules may refer to groups and sets of AWS or of the account" },
        ),
        look("wafv2:GetWebACL ListTagsForResource", on),
      ];
    },
  },
  // https://docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html
  "aws:wafv2/webAclAssociation:WebAclAssociation": {
    source: provider("wafv2/web_acl_association.go"),
    grants: (_, place) => {
      const acls = namePatterns(place, ACL).map((name) => webAcl(place, name));
      return [
        make("wafv2:AssociateWebACL", [...acls, ...balancers(place)]),
        make("wafv2:DisassociateWebACL", balancers(place)),
        make("elasticloadbalancing:SetWebAcl", ["*"], inRegion(place)),
        look("wafv2:GetWebACLForResource", [...acls, ...balancers(place)]),
        look("wafv2:GetWebACL", acls),
      ];
    },
  },
};
