import { partitionOf } from "../../infra/config/rules/aws-region.ts";
import { type Grant, look, make, operate, provider, type ResourcePermissions, run } from "./grant.ts";
import { roleArns } from "./identity.ts";
import { arn, inRegion, namePattern, namePatterns, type Place } from "./place.ts";
import { serviceLinkedRole } from "./service-linked-role.ts";

const CLUSTER = "aws:ecs/cluster:Cluster";
const SERVICE = "aws:ecs/service:Service";
const FAMILY = "aws:ecs/taskDefinition:TaskDefinition";

const clusters = (place: Place) => namePatterns(place, CLUSTER);
const services = (place: Place, kind = "service", end = "") =>
  clusters(place).flatMap((cluster) =>
    namePatterns(place, SERVICE).map((service) => arn(place, "ecs", `${kind}/${cluster}/${service}${end}`)),
  );
const tasks = (place: Place) => clusters(place).map((cluster) => arn(place, "ecs", `task/${cluster}/*`));
const taskDefinitions = (place: Place) =>
  namePatterns(place, FAMILY, "family").map((family) => arn(place, "ecs", `task-definition/${family}:*`));
const inClusters = (place: Place) => ({
  ArnLike: { "ecs:cluster": clusters(place).map((cluster) => arn(place, "ecs", `cluster/${cluster}`)) },
});

/** What a task definition hands to ECS, and to nothing else. */
const passRoles = (grant: typeof make, place: Place): Grant =>
  grant("iam:PassRole", roleArns(place), {
    when: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
  });

/** A one-off task, from looking for an earlier one to the end of its log. infra/aws/deploying/one-off-task.ts */
export function oneOffTask(place: Place): Grant[] {
  const families = taskDefinitions(place).filter((family) => family.includes("/nango-migrate"));
  return [
    run("ecs:RunTask", families, { when: inClusters(place) }),
    run("ecs:TagResource", tasks(place), { when: { StringEquals: { "ecs:CreateAction": "RunTask" } } }),
    passRoles(run, place),
    ...tasksOf(place),
    run("ecs:StopTask", tasks(place)),
  ];
}

/** Finding the tasks of the stack. */
function tasksOf(place: Place): Grant[] {
  return [
    run("ecs:ListTasks", ["*"], {
      when: inClusters(place),
      because:
        "its one resource type is for lists by container instance; of a cluster ECS asks for *: https://github.com/cdklabs/construct-hub/pull/1207",
    }),
    run("ecs:DescribeTasks", tasks(place)),
  ];
}

/** Looking at the service and changing how many tasks it has. infra/aws/deploying/service-tasks.ts */
export function startsAndStops(place: Place): Grant[] {
  return [look("ecs:DescribeServices", services(place)), run("ecs:UpdateService", services(place))];
}

/**
 * A shell in the server. The command line asks for the task before it opens one.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
function shell(place: Place): Grant[] {
  const on = [...clusters(place).map((cluster) => arn(place, "ecs", `cluster/${cluster}`)), ...tasks(place)];
  return [operate("ecs:ExecuteCommand", on, { when: { StringEquals: { "ecs:container-name": "server" } } })];
}

/** A port that is forwarded to a database, through a task that is started for it. scripts/database/tunnel.ts */
function tunnel(place: Place): Grant[] {
  const families = taskDefinitions(place).filter((family) => family.includes("/nango-tunnel"));
  if (families.length === 0) return [];
  const document = `arn:${partitionOf(place.region).name}:ssm:${place.region}::document/AWS-StartPortForwardingSessionToRemoteHost`;
  return [
    operate("ecs:RunTask", families, { when: inClusters(place) }),
    operate("ecs:TagResource", tasks(place), { when: { StringEquals: { "ecs:CreateAction": "RunTask" } } }),
    passRoles(operate, place),
    operate("ecs:DescribeTasks StopTask", tasks(place)),
    operate("ssm:StartSession", tasks(place)),
    operate("ssm:StartSession", [document], { because: "the document is AWS's own, and forwards a port" }),
  ];
}

const scalableDimension = {
  when: {
    StringEquals: {
      "application-autoscaling:service-namespace": "ecs",
      "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
    },
  },
};
/** Scalable targets have IDs that AWS makes up, and no tags but those of `aws:defaultTags`. */
const targets = (place: Place) => [arn(place, "application-autoscaling", "scalable-target/*")];

function targetTags(place: Place): Grant[] {
  const keys = place.defaultTagKeys;
  const because = "a target has no name of ours and no tags but those of aws:defaultTags";
  return [
    look("application-autoscaling:ListTagsForResource", targets(place), { because }),
    ...(keys.length === 0
      ? []
      : [
          make("application-autoscaling:TagResource UntagResource", targets(place), {
            when: { "ForAllValues:StringEquals": { "aws:TagKeys": keys } },
          }),
        ]),
  ];
}

/** `aws.ecs` and `aws.appautoscaling` */
export const containers: Readonly<Record<string, ResourcePermissions>> = {
  [CLUSTER]: {
    source: provider("ecs/cluster.go"),
    grants: (cluster, place) => {
      const on = [arn(place, "ecs", `cluster/${namePattern(place, cluster)}`)];
      return [
        make("ecs:CreateCluster UpdateCluster DeleteCluster TagResource UntagResource", on),
        look("ecs:DescribeClusters", on),
        serviceLinkedRole(place, "ecs.amazonaws.com", "AWSServiceRoleForECS"),
      ];
    },
  },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
    source: provider("ecs/cluster_capacity_providers.go"),
    grants: (_, place) => {
      const on = clusters(place).map((cluster) => arn(place, "ecs", `cluster/${cluster}`));
      return [make("ecs:PutClusterCapacityProviders", on), look("ecs:DescribeClusters", on)];
    },
  },
  [FAMILY]: {
    source: provider("ecs/task_definition.go"),
    grants: (resource, place) => {
      const on = [arn(place, "ecs", `task-definition/${namePattern(place, resource, "family")}:*`)];
      return [
        make("ecs:RegisterTaskDefinition TagResource UntagResource", on),
        passRoles(make, place),
        look("ecs:DescribeTaskDefinition", ["*"], inRegion(place)),
      ];
    },
  },
  [SERVICE]: {
    source: provider("ecs/service.go"),
    grants: ({ inputs }, place) => [
      make("ecs:CreateService DeleteService TagResource UntagResource", services(place)),
      ...startsAndStops(place),
      // Only a provider since version 6 follows a deployment by these.
      run("ecs:ListServiceDeployments", services(place)),
      run("ecs:DescribeServiceDeployments", [
        ...services(place),
        ...services(place, "service-deployment", "/*"),
      ]),
      ...tasksOf(place),
      ...(inputs["enableExecuteCommand"] === true ? shell(place) : []),
      ...tunnel(place),
    ],
  },
  "aws:appautoscaling/target:Target": {
    source: provider("appautoscaling/target.go"),
    grants: (_, place) => [
      run("application-autoscaling:RegisterScalableTarget", targets(place), scalableDimension),
      make("application-autoscaling:DeregisterScalableTarget", targets(place), scalableDimension),
      ...targetTags(place),
      look("application-autoscaling:DescribeScalableTargets", ["*"], inRegion(place)),
      // What registering asks of whoever does it. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/auto-scaling-IAM.html
      ...startsAndStops(place),
      serviceLinkedRole(
        place,
        "ecs.application-autoscaling.amazonaws.com",
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
      ),
    ],
  },
  "aws:appautoscaling/policy:Policy": {
    source: provider("appautoscaling/policy.go"),
    grants: (_, place) => [
      make("application-autoscaling:PutScalingPolicy DeleteScalingPolicy", targets(place), scalableDimension),
      look("application-autoscaling:DescribeScalingPolicies", ["*"], inRegion(place)),
      // The alarms that a policy makes bear the service's name.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/auto-scaling-IAM.html
      make(
        "cloudwatch:PutMetricAlarm DeleteAlarms DescribeAlarms",
        clusters(place).flatMap((cluster) =>
          namePatterns(place, SERVICE).map((service) =>
            arn(place, "cloudwatch", `alarm:TargetTracking-service/${cluster}/${service}-*`),
          ),
        ),
      ),
    ],
  },
};
