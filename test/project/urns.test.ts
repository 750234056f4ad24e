import { expect, test } from "vitest";

import { aliasUrns, nameOf, typeOf, urnOf } from "../../project/urns.ts";

const stack = { stack: "dev", project: "nango" };
const root = "urn:pulumi:dev::nango::pulumi:pulumi:Stack::nango-dev";
const network = urnOf({ ...stack, type: "nango:aws:Network", name: "main", parent: root });
const vpc = { ...stack, type: "aws:ec2/vpc:Vpc", name: "main-vpc", parent: network };

test("a URN names the types of the parents, but not the stack's", () => {
  expect(network).toBe("urn:pulumi:dev::nango::nango:aws:Network::main");
  expect(urnOf(vpc)).toBe("urn:pulumi:dev::nango::nango:aws:Network$aws:ec2/vpc:Vpc::main-vpc");
  expect(typeOf(urnOf(vpc))).toBe("aws:ec2/vpc:Vpc");
  expect(nameOf("urn:pulumi:dev::nango::a:b:C::odd::name")).toBe("odd::name");
});

test("an alias changes what it states and keeps the rest", () => {
  expect(
    aliasUrns(vpc, ["urn:pulumi:old::x::a:b:C::d", { name: "old" }, { parent: root }, { parent: null }], []),
  ).toEqual([
    "urn:pulumi:old::x::a:b:C::d",
    "urn:pulumi:dev::nango::nango:aws:Network$aws:ec2/vpc:Vpc::old",
    "urn:pulumi:dev::nango::aws:ec2/vpc:Vpc::main-vpc",
  ]);
});

test("a child that is named after its parent has the parent's aliases, too", () => {
  const before = "urn:pulumi:dev::nango::nango:aws:Network::old";
  expect(aliasUrns(vpc, [], [before])).toEqual([
    "urn:pulumi:dev::nango::nango:aws:Network$aws:ec2/vpc:Vpc::old-vpc",
  ]);
});
