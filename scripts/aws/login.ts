import { type AwsPlace, awsCommand } from "../../infra/config/aws-command.ts";

/** How somebody gets other credentials, and sees that AWS takes them: words that follow a colon. */
export function loggingIn({ region, profile }: AwsPlace): string {
  const ways = ["sso login", "configure"].map((way) =>
    awsCommand(way.split(" "), { region: undefined, profile }),
  );
  const other = profile === undefined ? ", with --profile where AWS_PROFILE names one" : "";
  return `${ways.join(" or ")}${other}; ${awsCommand(["sts", "get-caller-identity"], { region, profile })} answers then`;
}
