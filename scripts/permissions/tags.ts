import type { Conditions } from "./grant.ts";

/**
 * Resources whose IDs AWS makes up are told by their tag `Name`: all of this project have one that begins so.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
 */
const ours = "nango*";

/** The resource is one of this project's. */
export const tagged: Conditions = { StringLike: { "aws:ResourceTag/Name": ours } };

/** The request makes the resource one of this project's. */
export const tagging: Conditions = { StringLike: { "aws:RequestTag/Name": ours } };
