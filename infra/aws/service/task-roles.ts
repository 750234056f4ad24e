import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { TaskImage } from "../image/task-image.ts";
import type { StoredSecret } from "../data/stored-secret.ts";

export interface TaskRolesArgs {
  readonly secret: StoredSecret;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly image: Pick<TaskImage, "pullPermissions">;
  /** Whether `aws ecs execute-command` may open a shell in the tasks. */
  readonly executeCommand: boolean;
  /** The policy that bounds both roles; undefined where nothing does. */
  readonly permissionsBoundaryArn: string | undefined;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions */
const sessions = {
  Effect: "Allow",
  Action: ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
    (action) => `ssmmessages:${action}`,
  ),
  Resource: "*",
};

/** What ECS may do to start a task, and what the task may do once it runs: next to nothing. */
export class TaskRoles extends pulumi.ComponentResource {
  /** The role with which ECS pulls the image, reads the one secret and writes the one log group. */
  readonly executionRoleArn: pulumi.Output<string>;
  /** The role of Nango itself. Without a shell it may do nothing. */
  readonly taskRoleArn: pulumi.Output<string>;
  /** The role of the task through which somebody reaches the databases. It may open sessions, and nothing else. */
  readonly tunnelRoleArn: pulumi.Output<string>;

  constructor(name: string, args: TaskRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:TaskRoles", name, {}, opts);
    const execution = this.role(`${name}-execution`, "Starts the containers of Nango", args);
    const policy = this.policy(`${name}-execution`, execution, [
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: args.secret.arn },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${args.logGroup.arn}:*`,
      },
      ...args.image.pullPermissions,
    ]);
    const task = this.role(`${name}-task`, "Nango itself", args);
    if (args.executeCommand) this.policy(`${name}-task`, task, [sessions]);
    const tunnel = this.role(`${name}-tunnel`, "Forwards a port to the databases of Nango", args);
    const tunnelPolicy = this.policy(`${name}-tunnel`, tunnel, [sessions]);
    // A task that starts before the policy is there fails.
    this.executionRoleArn = pulumi.all([execution.arn, policy.id]).apply(([arn]) => arn);
    this.taskRoleArn = task.arn;
    this.tunnelRoleArn = pulumi.all([tunnel.arn, tunnelPolicy.id]).apply(([arn]) => arn);
    this.registerOutputs({ executionRoleArn: execution.arn, taskRoleArn: task.arn });
  }

  private role(
    name: string,
    description: string,
    { permissionsBoundaryArn }: Pick<TaskRolesArgs, "permissionsBoundaryArn">,
  ): aws.iam.Role {
    return new aws.iam.Role(
      name,
      {
        description,
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" },
          ],
        }),
        ...(permissionsBoundaryArn === undefined
          ? {}
          : ({ permissionsBoundary: permissionsBoundaryArn } satisfies Partial<aws.iam.RoleArgs>)),
        tags: { Name: name },
      },
      { parent: this },
    );
  }

  private policy(name: string, role: aws.iam.Role, statements: unknown[]): aws.iam.RolePolicy {
    return new aws.iam.RolePolicy(
      name,
      { role: role.id, policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements }) },
      { parent: this },
    );
  }
}
