import { type Check, when } from "../problem.ts";
import { entry, toSet } from "../remedy.ts";
import { topicRegion } from "../rules/format.ts";

/** An alarm publishes to topics of its own region alone. */
export const topic: Check = ({ alarmTopicArn }, given) => {
  const found = alarmTopicArn === undefined ? undefined : topicRegion(alarmTopicArn);
  return when(
    found !== undefined && given.region !== undefined && found !== given.region,
    ["alarmTopicArn"],
    `nango:alarmTopicArn is a topic in ${found}, but the alarms are in ${given.region} (aws:region) and reach only topics there.\n${toSet(`Give a topic of ${given.region}, which can hand on to the one in ${found}`, given.stack, entry("alarmTopicArn", `arn:aws:sns:${given.region}:...`))}`,
  );
};
