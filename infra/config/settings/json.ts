import { z } from "zod";

/** A text of JSON; the message is for one that is none. */
export function json(message: string): z.ZodType<unknown, string> {
  return z.string().transform((value, context): unknown => {
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }
  });
}
