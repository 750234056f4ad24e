import { emailProblem, topicArnProblem } from "../rules/format.ts";
import { alarmsAreSent, only } from "./condition.ts";
import { choice, optionalText } from "./setting.ts";

/** The settings of who hears of it when something is wrong. */
export const monitoring = {
  alarmEmail: optionalText({
    target: "aws",
    change: ["adds resources", "restarts Nango"],
    legal: "none, or a mail address",
    description:
      "The address to which alarms are mailed. AWS asks it first whether it wants them: the stack's alarms are silent until the link in that mail is followed.",
    example: "oncall@example.com",
    check: emailProblem,
  }),
  alarmTopicArn: optionalText({
    target: "aws",
    needs: only("alarms", "essential", "all"),
    change: ["adds resources", "restarts Nango"],
    legal: "none, or the ARN of a standard SNS topic",
    description:
      "An SNS topic of your own, in the stack's region, that alarms are published to: for a chat, a pager or several people. Its policy must let CloudWatch and EventBridge publish.",
    example: "arn:aws:sns:eu-central-1:123456789012:oncall",
    check: topicArnProblem,
  }),
  alarms: choice({
    target: "aws",
    needs: alarmsAreSent,
    change: ["adds resources"],
    changeNote: "From or to none, new tasks take over from old ones, too.",
    values: ["none", "essential", "all"],
    default: "essential",
    description:
      "Which alarms there are, with alarmEmail or alarmTopicArn: those that are worth waking somebody for (essential), also those that announce trouble or explain it (all), or none for the time being, with the mail address kept confirmed.",
    example: "all",
  }),
};
