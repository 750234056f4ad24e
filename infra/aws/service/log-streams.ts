/** Streams are called `nango/<container>/<task>`. */
export const logStreamPrefix = "nango";
