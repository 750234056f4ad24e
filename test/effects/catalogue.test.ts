import { expect, test } from "vitest";

import { functionTokens, resourceTypes } from "../../rehearsal/catalogue/index.ts";
import { topologies as onAws } from "../aws/topologies.ts";
import { topologies as onDocker } from "../docker/topologies.ts";
import { rehearse } from "../rehearse.ts";
import { cases } from "./cases.ts";

test("the rehearsal's catalogue knows what stacks use, and nothing else", async () => {
  const { dockerHubUser, imageSource } = cases;
  const mirrored = { ...imageSource.aws.from, set: { imageSource: imageSource.aws.to } };
  const pinned = { ...cases.pinDigest.aws.from, set: { pinDigest: "true" } };
  const stacks = [
    ...Object.values(onAws),
    ...Object.values(onDocker),
    dockerHubUser.aws.from,
    mirrored,
    pinned,
  ];
  const rehearsals = await Promise.all(stacks.map((stack) => rehearse({ ...stack, mode: "update" })));
  const types = rehearsals.flatMap(({ resources }) => resources.filter(({ custom }) => custom));
  const functions = rehearsals.flatMap(({ invokes }) => invokes);
  expect(new Set(types.map(({ type }) => type))).toEqual(new Set(resourceTypes));
  expect(new Set(functions.map(({ token }) => token))).toEqual(new Set(functionTokens));
});
