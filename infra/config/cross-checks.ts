import { holdsSecret, reservedVariable } from "../nango/environment.ts";
import { variableProblem } from "../nango/variables.ts";
import type { Choices } from "./choices.ts";
import type { GivenConfiguration } from "./values.ts";
import { dataChecks } from "./cross-checks-data.ts";
import { imageSourceChecks } from "./cross-checks-image.ts";
import { room } from "./cross-checks-room.ts";
import { docker, targetRedis } from "./cross-checks-target.ts";
import { type Check, type Problem, when } from "./problem.ts";
import { withoutEffect } from "./without-effect.ts";
import { carveSubnets, overlap, parseCidr } from "./rules/cidr.ts";
import { fargatePairProblem } from "./rules/fargate.ts";
import { didYouMean } from "./nearest.ts";
import { shown } from "./shown.ts";
import { certificateRegion } from "./rules/format.ts";
import { isRegion, regions } from "./rules/aws-region.ts";

/** What is wrong between settings that are each legal. */
export function crossChecks(choices: Choices, given: GivenConfiguration): Problem[] {
  const checks: Check[] = [
    withoutEffect,
    ...(choices.target === "aws"
      ? [region, ...imageSourceChecks, access, certificate, network, existingNetwork, cidrs, room]
      : [docker]),
    targetRedis,
    ...dataChecks,
    service,
    environment,
  ];
  return checks.flatMap((check) => check(choices, given));
}

const region: Check = (_, given) =>
  when(
    !isRegion(given.region ?? ""),
    [],
    `${given.region === undefined ? "aws:region is not set." : `aws:region = ${shown(given.region)} names no region.${didYouMean(given.region, regions)}`}\nFor example: pulumi config set aws:region eu-central-1`,
  );

const access: Check = ({ https, insecureHttp, connectDomain: given }) => {
  if (https === undefined) {
    return when(
      !insecureHttp,
      ["domain", "insecureHttp"],
      "nango:domain is not set, so there would be no HTTPS.\nGive a domain: pulumi config set nango:domain nango.example.com (and nango:hostedZone example.com). For a first look without one: pulumi config set nango:insecureHttp true",
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
      `nango:domain = "${domain}" has neither a hosted zone to validate a certificate in nor a certificate.\nGive one: pulumi config set nango:hostedZone example.com, or pulumi config set nango:certificateArn arn:aws:acm:...`,
    ),
    ...when(
      connectDomain === domain,
      ["domain", "connectDomain"],
      `nango:connectDomain = "${connectDomain}" is nango:domain itself, but Connect UI needs a host of its own.\nFor example: pulumi config set nango:connectDomain connect.${domain}`,
    ),
    ...outside.map((name): Problem => ({
      keys: ["domain", "hostedZone", "connectDomain"],
      message: `"${name}" is not in the hosted zone "${zone}" (nango:hostedZone).\nGive the zone that holds it, or another name.`,
    })),
    ...when(
      connectDomain.length > 64,
      ["domain", "connectDomain"],
      `"${connectDomain}" has more than the 64 characters that a certificate's name may have.\nGive a shorter one: pulumi config set nango:connectDomain connect.example.com`,
    ),
  ];
};

const certificate: Check = (values, given) => {
  const found = values.certificateArn === undefined ? undefined : certificateRegion(values.certificateArn);
  return when(
    found !== undefined && given.region !== undefined && found !== given.region,
    ["certificateArn"],
    `nango:certificateArn is a certificate in ${found}, but the load balancer is in ${given.region} (aws:region) and takes only certificates from there.\nRequest or import the certificate in ${given.region}.`,
  );
};

const network: Check = (values) => {
  const zones = values.availabilityZones;
  if (values.vpcId !== undefined) return [];
  return when(
    zones < 2,
    ["availabilityZones", "vpcId"],
    `nango:availabilityZones = ${zones}, but a load balancer and a database's subnet group need two zones${values.databaseMultiAz ? ", and so does nango:databaseMultiAz" : ""}.\nSet 2 or 3: pulumi config set nango:availabilityZones 2`,
  );
};

const existingNetwork: Check = (values) => {
  const lists = ["publicSubnetIds", "privateSubnetIds", "databaseSubnetIds"] as const;
  if (values.vpcId === undefined) return [];
  return [
    ...lists.flatMap((key) =>
      when(
        new Set(values[key]).size !== values[key].length,
        [key],
        `nango:${key} names a subnet twice.\nName each once.`,
      ),
    ),
    // With `internal` the load balancer lies in private subnets, too.
    ...when(
      !values.internal && values.privateSubnetIds.some((id) => values.publicSubnetIds.includes(id)),
      ["publicSubnetIds", "privateSubnetIds", "internal"],
      "nango:publicSubnetIds and nango:privateSubnetIds share a subnet, but one that leads to an internet gateway has no way out for tasks without public addresses.\nName subnets behind a NAT gateway in nango:privateSubnetIds, or remove it: pulumi config rm nango:privateSubnetIds",
    ),
    ...when(
      values.publicSubnetIds.length < 2,
      ["publicSubnetIds", "vpcId"],
      `nango:vpcId needs nango:publicSubnetIds with at least two subnets, in two zones, for the load balancer; there ${values.publicSubnetIds.length === 1 ? "is 1" : "are 0"}.\nFor example: pulumi config set --path 'nango:publicSubnetIds[0]' subnet-...`,
    ),
    ...when(
      values.placesData && values.databaseSubnetIds.length < 2,
      ["databaseSubnetIds", "privateSubnetIds", "vpcId"],
      `nango:vpcId needs nango:databaseSubnetIds (or nango:privateSubnetIds) with at least two subnets, in two zones, for what keeps data; there ${values.databaseSubnetIds.length === 1 ? "is 1" : "are 0"}.\nFor example: pulumi config set --path 'nango:databaseSubnetIds[0]' subnet-...`,
    ),
  ];
};

/** Half of the 60 rules that a security group has room for. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const mostAllowedCidrs = 30;

const cidrs: Check = (values) => {
  const problems: Problem[] = when(
    values.allowedCidrs.length === 0,
    ["allowedCidrs"],
    "nango:allowedCidrs is empty, so nobody could reach Nango.\nName a range, or remove the key for everyone: pulumi config rm nango:allowedCidrs",
  );
  problems.push(
    ...when(
      values.allowedCidrs.length > mostAllowedCidrs,
      ["allowedCidrs"],
      `nango:allowedCidrs holds ${values.allowedCidrs.length} ranges, but a security group has room for ${mostAllowedCidrs}, each for two ports.\nName larger ranges.`,
    ),
  );
  const ranges = values.allowedCidrs
    .filter((text) => canParse(text))
    .map((text) => [text, parseCidr(text)] as const);
  for (const [index, [text, range]] of ranges.entries()) {
    const other = ranges.slice(0, index).find(([, earlier]) => overlap(earlier, range));
    if (other !== undefined) {
      problems.push({
        keys: ["allowedCidrs"],
        message: `nango:allowedCidrs holds ${other[0]} and ${text}, which overlap.\nKeep the larger one.`,
      });
    }
  }
  if (values.vpcId !== undefined) return problems;
  try {
    carveSubnets(values.vpcCidr, 3);
  } catch (error) {
    problems.push({
      keys: ["vpcCidr", "vpcId"],
      message: `nango:vpcCidr = "${values.vpcCidr}" ${(error as Error).message}.\nLegal: an IPv4 range from /16 to /23, for example: pulumi config set nango:vpcCidr 10.42.0.0/16`,
    });
  }
  return problems;
};

function canParse(text: string): boolean {
  try {
    parseCidr(text);
    return true;
  } catch {
    return false;
  }
}

const service: Check = (values) => {
  const { cpu, memory } = values;
  const problem = fargatePairProblem(cpu, memory);
  return [
    ...when(
      problem !== undefined,
      ["cpu", "memory", "size"],
      `nango:cpu = ${cpu} and nango:memory = ${memory} do not go together: ${problem}.`,
    ),
    ...when(
      values.sendsMail && values.smtpFrom === undefined,
      ["smtpFrom", "smtpUrl", "environment"],
      `${values.smtpUrl === undefined ? "nango:environment says how mail is sent" : "nango:smtpUrl is given"}, but nango:smtpFrom is not: Nango would send as noreply@email.nango.dev, which mail servers refuse, and say nothing of it.\nName a sender that yours accepts: pulumi config set nango:smtpFrom 'Nango <nango@example.com>'`,
    ),
    // Nango takes the first environment whose key it is.
    // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/services/account.service.ts#L374-L400
    ...when(
      values.apiKeyProd !== undefined && values.apiKeyProd === values.apiKeyDev,
      ["apiKeyProd", "apiKeyDev"],
      "nango:apiKeyProd and nango:apiKeyDev are the same key, so that one environment could not be reached.\nGive each its own, or remove one, which generates it: pulumi config rm nango:apiKeyDev",
    ),
  ];
};

const environment: Check = (values, given) =>
  Object.entries(values.environment).flatMap(([name, value]) => {
    const reason = reservedVariable(name);
    const problem = variableProblem(name, value);
    const isSecret = given.secretKeys.has("environment") || holdsSecret(name, value);
    const repeated = isSecret ? "(secret)" : shown(value);
    return [
      ...when(
        !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
        ["environment"],
        `nango:environment holds ${shown(name)}, which is not the name of an environment variable.\nLegal: letters, digits and _, not a digit first. Rename it.`,
      ),
      ...when(
        reason !== undefined,
        ["environment"],
        `nango:environment may not set ${name}: it ${reason}.\nRemove it: pulumi config rm --path nango:environment.${name}`,
      ),
      ...when(
        reason === undefined && problem !== undefined,
        ["environment"],
        `nango:environment sets ${name} = ${repeated}, which ${problem}.`,
      ),
    ];
  });
