import { incarnation, type Plan, type Rule } from "./plan.ts";
import type { RecordedResource } from "../record.ts";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const GROUP = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";
const RULE = "aws:lb/listenerRule:ListenerRule";

/** A target group and a balancer that a listener or a rule brings together. */
interface Use {
  readonly group: RecordedResource;
  readonly balancer: RecordedResource;
}

function usesOf(plan: Plan, resource: RecordedResource): Use[] {
  const listeners =
    resource.type === RULE
      ? plan.references(resource, "listenerArn", LISTENER)
      : resource.type === LISTENER
        ? [resource]
        : [];
  const actions = resource.type === RULE ? "actions" : "defaultActions";
  return listeners
    .flatMap((listener) => plan.references(listener, "loadBalancerArn", BALANCER))
    .flatMap((balancer) => plan.references(resource, actions, GROUP).map((group) => ({ group, balancer })));
}

/**
 * "A target group can be associated with one load balancer only", `TargetGroupAssociationLimit`.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
 */
export const oneBalancerForATargetGroup: Rule = (plan) => {
  const uses = [...plan.standing, ...plan.resources].flatMap((resource) => usesOf(plan, resource));
  return plan.ofType(GROUP).flatMap((group) => {
    const own = uses.filter((use) => incarnation(use.group) === incarnation(group));
    if (new Set(own.map(({ balancer }) => incarnation(balancer))).size < 2) return [];
    return [
      {
        urn: group.urn,
        message:
          "AWS refuses a listener that forwards to it (TargetGroupAssociationLimit): it belongs to another load balancer, and a target group has one. A new load balancer takes new target groups. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html",
      },
    ];
  });
};
