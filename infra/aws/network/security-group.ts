import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** A closed security group: nothing may enter or leave until a rule says so. */
export function closedSecurityGroup(
  name: string,
  args: { vpcId: pulumi.Input<string>; description: string },
  opts: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(name, { ...args, tags: { Name: name } }, opts);
}

/** Lets the members of one group open TCP connections to a port of the members of another. */
export function allowTcp(
  name: string,
  rule: { from: pulumi.Input<string>; to: pulumi.Input<string>; port: number; description: string },
  opts: pulumi.CustomResourceOptions,
): void {
  const { from, to, port, description } = rule;
  const tcp = {
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
    description,
  } satisfies Partial<aws.vpc.SecurityGroupIngressRuleArgs>;
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-in`,
    { ...tcp, securityGroupId: to, referencedSecurityGroupId: from },
    opts,
  );
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-out`,
    { ...tcp, securityGroupId: from, referencedSecurityGroupId: to },
    opts,
  );
}
