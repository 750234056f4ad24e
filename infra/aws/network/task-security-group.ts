import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { LoadBalancer } from "../entry/load-balancer.ts";
import { allowTcp, closedSecurityGroup } from "./security-group.ts";

/** A database, the cache or the search domain: something that the tasks connect to. */
export interface DataService {
  readonly name: string;
  readonly securityGroupId: pulumi.Input<string>;
  readonly port: number;
}

export interface TaskSecurityGroupArgs {
  readonly vpcId: pulumi.Input<string>;
  readonly loadBalancer: LoadBalancer;
  /** Plain: there are rules for each. */
  readonly dataServices: readonly DataService[];
}

/**
 * The tasks' group: reached by the load balancer only, reaching data services and whatever APIs Nango is used for. A
 * resource that depends on it waits for its rules, too.
 */
export class TaskSecurityGroup extends pulumi.ComponentResource {
  /** The ID of the group. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: TaskSecurityGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:TaskSecurityGroup", name, {}, opts);
    const parent = { parent: this };
    const { loadBalancer } = args;
    const group = closedSecurityGroup(name, { vpcId: args.vpcId, description: "Tasks of Nango" }, parent);
    // Nango's users choose the APIs, and their ports.
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-out`,
      {
        securityGroupId: group.id,
        ipProtocol: "-1",
        cidrIpv4: "0.0.0.0/0",
        description: "APIs that Nango is used for",
      },
      parent,
    );
    for (const { service } of loadBalancer.targets) {
      const description = `Load balancer to ${service.name}`;
      const rule = { from: loadBalancer.securityGroupId, to: group.id, port: service.port, description };
      allowTcp(`${name}-${service.name}`, rule, parent);
    }
    for (const { name: kind, securityGroupId, port } of args.dataServices) {
      const rule = { from: group.id, to: securityGroupId, port, description: `Tasks to ${kind}` };
      allowTcp(`${name}-${kind}`, rule, parent);
    }
    this.id = group.id;
    this.registerOutputs({ id: this.id });
  }
}
