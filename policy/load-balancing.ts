// The types of load balancing, of which Pulumi has each under two names.

const bothNames = (one: string, type: string) => [`aws:lb/${one}:${type}`, `aws:alb/${one}:${type}`];

export const balancers: readonly string[] = bothNames("loadBalancer", "LoadBalancer");
export const listeners: readonly string[] = bothNames("listener", "Listener");
export const listenerRules: readonly string[] = bothNames("listenerRule", "ListenerRule");
export const targetGroups: readonly string[] = bothNames("targetGroup", "TargetGroup");
