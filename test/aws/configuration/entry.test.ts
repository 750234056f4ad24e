import { describe, expect, test } from "vitest";
import { ofType } from "../find.ts";
import { deployed } from "../topologies.ts";
import { stacks } from "./stacks.ts";

describe.each(stacks)("the way into the stack $name", ({ name, config: { access } }) => {
  test("is open to the ranges that it should be open to, on its own ports, and to no other", async () => {
    const rehearsal = await deployed(name);
    const open = ofType(rehearsal, "SecurityGroupIngressRule").flatMap(({ inputs }) =>
      inputs["referencedSecurityGroupId"] === undefined
        ? [`${String(inputs["cidrIpv4"])} ${String(inputs["fromPort"])}`]
        : [],
    );
    const ports = access.https === undefined ? [80] : [80, 443];
    expect(open.toSorted()).toEqual(
      access.allowedCidrs.flatMap((range) => ports.map((port) => `${range} ${port}`)).toSorted(),
    );
    for (const { inputs } of ofType(rehearsal, "lb/loadBalancer:LoadBalancer"))
      expect(inputs["internal"]).toBe(access.internal);
  });

  test("has the certificate and the DNS records of its own names, in the public zone", async () => {
    const rehearsal = await deployed(name);
    const names = access.https === undefined ? [] : [access.https.domain, access.https.connectDomain];
    const issued = ofType(rehearsal, "acm/certificate:Certificate").map(({ inputs }) => [
      inputs["domainName"],
      ...(inputs["subjectAlternativeNames"] as string[]),
    ]);
    expect(issued).toEqual(access.https?.certificateArn === undefined && names.length > 0 ? [names] : []);
    const zone = access.https?.hostedZone;
    const lookups = rehearsal.invokes.filter(({ token }) => token.endsWith(":getZone"));
    expect(lookups.map((lookup) => lookup.arguments)).toEqual(
      zone !== undefined && "name" in zone ? [{ name: zone.name, privateZone: false }] : [],
    );
    // Another stack of the same names in the account, or one that was there before, has the same records.
    const proofs = ofType(rehearsal, "route53/record:Record").filter(({ inputs }) => "records" in inputs);
    expect(proofs.map(({ inputs }) => inputs["allowOverwrite"])).toEqual(issued.flat().map(() => true));
    const records = ofType(rehearsal, "route53/record:Record").filter(({ inputs }) => "aliases" in inputs);
    expect(records.map(({ inputs }) => inputs["name"])).toEqual(zone === undefined ? [] : names);
    const balancers = ofType(rehearsal, "lb/loadBalancer:LoadBalancer").map(
      ({ outputs }) => outputs["dnsName"],
    );
    for (const { inputs } of records)
      expect((inputs["aliases"] as { name: string }[]).map((alias) => alias.name)).toEqual(balancers);
  });
});
