import { permissions } from "../preflight/actions.ts";
import { type Grant, make } from "./grant.ts";

/** What reads an image, of whichever repository: whoever has one in ECR allows it there. */
const leftOut = ["ecr:BatchGetImage"];

/** What `npm run preflight` asks, which `npm run up` does first. */
export function preflightGrants(): Grant[] {
  return permissions()
    .filter((action) => !leftOut.includes(action))
    .map((action) =>
      make(action, ["*"], {
        because: "what is looked at before a deployment is not the stack's yet, and is only read",
      }),
    );
}
