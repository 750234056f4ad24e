import { expect, test } from "vitest";
import { inOrder } from "../../project/languages.ts";

test("numbers in names are in the order of numbers", () => {
  expect(["subnet-10", "subnet-2", "Subnet-1"].toSorted(inOrder)).toEqual([
    "Subnet-1",
    "subnet-2",
    "subnet-10",
  ]);
});
