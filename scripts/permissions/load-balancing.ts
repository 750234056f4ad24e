import { type Grant, look, make, provider, type ResourcePermissions, run } from "./grant.ts";
import { arn, inRegion, namePattern, namePatterns, type Place } from "./place.ts";
import { serviceLinkedRole } from "./service-linked-role.ts";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";

/** What belongs to the stack's load balancers: `listener` has one ID below the balancer's, `listener-rule` two. */
const below = (place: Place, kind: string, ids: string) =>
  namePatterns(place, BALANCER).map((name) =>
    arn(place, "elasticloadbalancing", `${kind}/app/${name}/${ids}`),
  );
/** The load balancers themselves. */
export const balancers = (place: Place) => below(place, "loadbalancer", "*");
const listeners = (place: Place) => below(place, "listener", "*/*");
const rules = (place: Place) => below(place, "listener-rule", "*/*/*");

const describe = (place: Place, what: string): Grant =>
  look(`elasticloadbalancing:${what}`, ["*"], inRegion(place));

/** `aws.lb` */
export const loadBalancing: Readonly<Record<string, ResourcePermissions>> = {
  [BALANCER]: {
    source: provider("elbv2/load_balancer.go"),
    grants: (_, place) => [
      make(
        "elasticloadbalancing:CreateLoadBalancer ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets DeleteLoadBalancer AddTags RemoveTags",
        balancers(place),
      ),
      describe(
        place,
        "DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation DescribeTags",
      ),
      // What the service looks up as whoever asks for a load balancer.
      // https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/748
      make(
        "ec2:DescribeAccountAttributes DescribeAddresses DescribeCoipPools DescribeInternetGateways DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets DescribeVpcs",
        ["*"],
        inRegion(place),
      ),
      serviceLinkedRole(place, "elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"),
    ],
  },
  "aws:lb/targetGroup:TargetGroup": {
    source: provider("elbv2/target_group.go"),
    grants: (group, place) => [
      make(
        "elasticloadbalancing:CreateTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup AddTags RemoveTags",
        [arn(place, "elasticloadbalancing", `targetgroup/${namePattern(place, group)}/*`)],
      ),
      describe(place, "DescribeTargetGroups DescribeTargetGroupAttributes DescribeTags"),
      // scripts/doctor/aws
      run("elasticloadbalancing:DescribeTargetHealth", ["*"], inRegion(place)),
    ],
  },
  "aws:lb/listener:Listener": {
    source: provider("elbv2/listener.go"),
    grants: (_, place) => [
      make("elasticloadbalancing:CreateListener", balancers(place)),
      make(
        "elasticloadbalancing:ModifyListener ModifyListenerAttributes DeleteListener AddTags RemoveTags",
        listeners(place),
      ),
      describe(place, "DescribeListeners DescribeListenerAttributes DescribeTags"),
    ],
  },
  "aws:lb/listenerRule:ListenerRule": {
    source: provider("elbv2/listener_rule.go"),
    grants: (_, place) => [
      make("elasticloadbalancing:CreateRule", listeners(place)),
      make("elasticloadbalancing:ModifyRule SetRulePriorities DeleteRule AddTags RemoveTags", rules(place)),
      describe(place, "DescribeRules DescribeTags"),
    ],
  },
};
