import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/**
 * `aws.scheduler`.
 * https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/scheduler/schedule.go
 */
export const schedulerResources = {
  "aws:scheduler/scheduleGroup:ScheduleGroup": resource<
    aws.scheduler.ScheduleGroup,
    aws.scheduler.ScheduleGroupArgs
  >({
    autoName: { property: "name", maximum: 64 },
    outputs: ({ inputs, arn }) => ({
      id: inputs.name ?? "",
      name: inputs.name ?? "",
      arn: arn("scheduler", `schedule-group/${inputs.name}`),
      state: "ACTIVE",
    }),
    replacedBy: ["name", "namePrefix"],
  }),
  "aws:scheduler/schedule:Schedule": resource<aws.scheduler.Schedule, aws.scheduler.ScheduleArgs>({
    autoName: { property: "name", maximum: 64 },
    outputs: ({ inputs, arn }) => ({
      id: `${inputs.groupName ?? "default"}/${inputs.name}`,
      name: inputs.name ?? "",
      arn: arn("scheduler", `schedule/${inputs.groupName ?? "default"}/${inputs.name}`),
    }),
    replacedBy: ["groupName", "name", "namePrefix"],
  }),
};
