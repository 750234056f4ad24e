import type { Rule } from "./plan.ts";
import type { Finding } from "../record.ts";
import { json } from "../../project/values.ts";

const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MOST_BYTES = 65_536;

/** The provider's own, which AWS never sees. */
const NOT_SENT = new Set(["skipDestroy", "trackLatest"]);

/** AWS measures the whole request of a registration: "Actual length: '66420'. Max allowed length is '65536' bytes." */
export const taskDefinitionsFit: Rule = (plan) =>
  plan.ofType(TASK_DEFINITION).flatMap(({ urn, inputs }): Finding[] => {
    const containers = json(inputs["containerDefinitions"]);
    if (containers === undefined) return [];
    const sent = Object.entries(inputs).filter(([key]) => !NOT_SENT.has(key));
    const request = { ...Object.fromEntries(sent), containerDefinitions: containers };
    const bytes = Buffer.byteLength(JSON.stringify(request));
    return bytes <= MOST_BYTES
      ? []
      : [
          {
            urn,
            property: "containerDefinitions",
            message: `AWS refuses a task definition of ${bytes} bytes, more than ${MOST_BYTES}: shorten nango:environment or nango:databaseCaPem, whichever is long. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html`,
          },
        ];
  });
