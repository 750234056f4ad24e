/** Which alarms there are: every one of `essential` is one of `all`. */
export type AlarmLevel = "none" | "essential" | "all";

/** Who is told of what. */
export interface MonitoringConfig {
  readonly level: AlarmLevel;
  readonly email: string | undefined;
  /** A topic of the user's. */
  readonly topicArn: string | undefined;
}
