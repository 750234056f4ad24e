import { look, make, provider, type ResourcePermissions } from "./grant.ts";
import { roleArns } from "./identity.ts";
import { arn, namePattern, namePatterns, type Place } from "./place.ts";

const GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup";

const groups = (place: Place) => namePatterns(place, GROUP);

/** `aws.scheduler` */
export const scheduler: Readonly<Record<string, ResourcePermissions>> = {
  [GROUP]: {
    source: provider("scheduler/schedule_group.go"),
    grants: (group, place) => {
      const on = [arn(place, "scheduler", `schedule-group/${namePattern(place, group)}`)];
      return [
        make("scheduler:CreateScheduleGroup DeleteScheduleGroup TagResource UntagResource", on),
        look("scheduler:GetScheduleGroup ListTagsForResource", on),
      ];
    },
  },
  "aws:scheduler/schedule:Schedule": {
    source: provider("scheduler/schedule.go"),
    grants: (schedule, place) => {
      const name = namePattern(place, schedule);
      const on = groups(place).map((group) => arn(place, "scheduler", `schedule/${group}/${name}`));
      return [
        make("scheduler:CreateSchedule UpdateSchedule DeleteSchedule", on),
        make("iam:PassRole", roleArns(place), {
          when: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
        }),
        look("scheduler:GetSchedule", on),
      ];
    },
  },
};
