import { expect, test } from "vitest";
import { searchFamily, searchNodesProblem } from "../../../infra/config/rules/search.ts";

test.each<[string, number, number, number, RegExp | undefined]>([
  ["t3.small.search", 1, 100, 1, undefined],
  ["t3.small.search", 1, 101, 1, /one t3\.small\.search node has at most 100 GiB of storage, not 101/],
  ["t3.medium.search", 10, 200, 2, undefined],
  ["t3.medium.search", 12, 200, 2, /at most 10 t3\.medium\.search nodes, not 12/],
  ["m6g.large.search", 2, 1024, 2, undefined],
  ["m6g.large.search", 3, 100, 2, /two availability zones need an even number of data nodes, not 3/],
  ["r7g.large.search", 3, 1532, 3, undefined],
  ["r7g.16xlarge.search", 80, 16384, 2, undefined],
  ["t2.small.search", 1, 20, 1, /t2\.small\.search is not one of the families t3, m5/],
  ["t3.large.search", 1, 20, 1, /t3\.large\.search is not one of the families/],
  ["or1.medium.search", 2, 20, 2, /is not one of the families/],
  ["constructor.large.search", 1, 20, 1, /is not one of the families/],
  ["t3.constructor.search", 1, 20, 1, /is not one of the families/],
])("%s x %i with %i GiB over %i zones", (type, count, volume, zones, message) => {
  const problem = searchNodesProblem(type, count, volume, zones);
  if (message === undefined) expect(problem).toBeUndefined();
  else {
    expect(problem?.what).toMatch(message);
    // What is offered goes further, though another rule may still be broken.
    const {
      searchInstanceType = type,
      searchInstanceCount = count,
      searchVolumeGb = volume,
    } = Object.fromEntries([problem!.change]);
    expect(
      searchNodesProblem(searchInstanceType, Number(searchInstanceCount), Number(searchVolumeGb), zones),
    ).toBeUndefined();
  }
});

// https://github.com/hashicorp/terraform-provider-aws/issues/30205
test("turns Auto-Tune off on T3, which refuses it, and on nowhere else", () => {
  expect(searchFamily("t3.small.search")?.autoTune).toBe(false);
  expect(searchFamily("r7g.large.search")?.autoTune).toBe(true);
});
