// What an organisation may want of every resource, as `infra/customize.ts` would say it. Take what you need; the
// import of the type is "./customizing.ts" there.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Customize } from "../../infra/customizing.ts";

const databaseKey = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

export const customize: Customize = ({ change, addToAws }) => {
  // A KMS key of your own for the databases. For a new stack: another key replaces the database.
  change(aws.rds.Instance, () => ({ args: { kmsKeyId: databaseKey } }));

  // A permissions boundary on every role.
  change(aws.iam.Role, () => ({
    args: { permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" },
  }));

  // A tag on one resource. For all resources there is aws:defaultTags.
  change(aws.ec2.Vpc, ({ args }) => ({
    args: { tags: pulumi.output(args.tags).apply((tags) => ({ ...tags, "peering:allowed": "true" })) },
  }));

  // Access logs of the load balancer, in a bucket of yours that lets it write.
  change(aws.lb.LoadBalancer, () => ({
    args: { accessLogs: { bucket: "acme-access-logs", enabled: true } },
  }));

  // What somebody changes by hand, and may.
  change(aws.ecs.Service, () => ({ opts: { ignoreChanges: ["healthCheckGracePeriodSeconds"] } }));

  // A container beside the server, which writes its log where that does. The migration's task definition is called
  // nango-migrate.
  change(aws.ecs.TaskDefinition, ({ name, args }) => {
    if (name !== "nango") return undefined;
    const agent = {
      name: "datadog-agent",
      image: "public.ecr.aws/datadog/agent:7.70.0",
      essential: false,
      environment: [{ name: "ECS_FARGATE", value: "true" }],
    };
    return {
      args: {
        containerDefinitions: pulumi.output(args.containerDefinitions).apply((json) => {
          const containers = JSON.parse(json) as { name: string; logConfiguration?: unknown }[];
          const { logConfiguration } = containers.find((one) => one.name === "server") ?? {};
          return JSON.stringify([...containers, { ...agent, logConfiguration }]);
        }),
      },
    };
  });

  // Rules that let your VPN's hosts reach the load balancer, and Nango's tasks a service of yours; and an output of the stack.
  addToAws((nango) => {
    new aws.vpc.SecurityGroupIngressRule("from-vpn", {
      securityGroupId: nango.loadBalancer.securityGroupId,
      referencedSecurityGroupId: "sg-0123456789abcdef0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    new aws.vpc.SecurityGroupIngressRule("from-nango", {
      securityGroupId: "sg-0fedcba9876543210",
      referencedSecurityGroupId: nango.outputs.taskSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: 8443,
      toPort: 8443,
    });
    return { vpcId: nango.network.vpcId };
  });
};
