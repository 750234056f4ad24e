import { didYouMean, nearest } from "../nearest.ts";
import { type Check, type Problem, when } from "../problem.ts";
import { isRegion, regions } from "../rules/aws-region.ts";
import { certificateRegion } from "../rules/format.ts";
import { shown } from "../shown.ts";
import { entry, toSet } from "../remedy.ts";

export const region: Check = (_, given) => {
  const near = given.region === undefined ? undefined : nearest(given.region, regions);
  return when(
    !isRegion(given.region ?? ""),
    [],
    `${given.region === undefined ? "aws:region is not set." : `aws:region = ${shown(given.region)} names no region.${didYouMean(given.region, regions)}`}\n${toSet(near === undefined ? "For example" : "If so", given.stack, { key: "aws:region", value: near ?? "eu-central-1" })}`,
  );
};

export const access: Check = ({ https, insecureHttp, connectDomain: given }, { stack }) => {
  if (https === undefined) {
    return when(
      !insecureHttp,
      ["domain", "insecureHttp"],
      `nango:domain is not set, so there would be no HTTPS.\n${toSet("Give a domain", stack, entry("domain", "nango.example.com"), entry("hostedZone", "example.com"))}\n${toSet("For a first look without one", stack, entry("insecureHttp", "true"))}`,
    );
  }
  const { domain, connectDomain, hostedZone, certificateArn } = https;
  const zone = hostedZone !== undefined && "name" in hostedZone ? hostedZone.name : undefined;
  // A host derived from the domain lies in the zone exactly when the domain does.
  const outside = [domain, ...(given === undefined ? [] : [given])].filter(
    (name) => zone !== undefined && name !== zone && !name.endsWith(`.${zone}`),
  );
  return [
    ...when(
      hostedZone === undefined && certificateArn === undefined,
      ["domain", "hostedZone", "certificateArn"],
      `nango:domain = "${domain}" has neither a hosted zone to validate a certificate in nor a certificate.\n${toSet("Give a zone", stack, entry("hostedZone", "example.com"))}\n${toSet("Or a certificate", stack, entry("certificateArn", "arn:aws:acm:..."))}`,
    ),
    ...when(
      connectDomain === domain,
      ["domain", "connectDomain"],
      `nango:connectDomain = "${connectDomain}" is nango:domain itself, but Connect UI needs a host of its own.\n${toSet("For example", stack, entry("connectDomain", `connect.${domain}`))}`,
    ),
    ...outside.map((name): Problem => ({
      keys: ["domain", "hostedZone", "connectDomain"],
      message: `"${name}" is not in the hosted zone "${zone}" (nango:hostedZone).\n${toSet("Give the zone that holds it, or another name", stack, entry("hostedZone", name.split(".").slice(1).join(".")))}`,
    })),
    ...when(
      connectDomain.length > 64,
      ["domain", "connectDomain"],
      `"${connectDomain}" has more than the 64 characters that a certificate's name may have.\n${toSet("Give a shorter one", stack, entry("connectDomain", "connect.example.com"))}`,
    ),
  ];
};

export const certificate: Check = (choices, given) => {
  const found = choices.certificateArn === undefined ? undefined : certificateRegion(choices.certificateArn);
  return when(
    found !== undefined && given.region !== undefined && found !== given.region,
    ["certificateArn"],
    `nango:certificateArn is a certificate in ${found}, but the load balancer is in ${given.region} (aws:region) and takes only certificates from there.\n${toSet(`Request or import it in ${given.region}, and give that one`, given.stack, entry("certificateArn", `arn:aws:acm:${given.region}:...`))}`,
  );
};
