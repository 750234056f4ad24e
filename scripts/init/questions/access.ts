// How Nango is reached.

import { isPlaceholder } from "../../../infra/config/rules/placeholder-domain.ts";
import { settings } from "../../../infra/config/settings.ts";
import { type Given, listOf, none } from "../answers.ts";
import { referenceTo, zoneHolding, zoneNamed } from "../hosted-zones.ts";
import { problemWith } from "../judgement.ts";
import { awsOnly } from "./place.ts";
import type { Question, Surroundings } from "./question.ts";

async function zonesOf(answers: Given, around: Surroundings) {
  const found = await around.hostedZones(answers);
  return "zones" in found ? found.zones : [];
}

const forExamples = (text: string) =>
  `"${text}" is a name for examples, which nobody can have; give one of yours`;

export const hostedZone: Question = {
  name: "hostedZone",
  flag: "hosted-zone",
  about: "The Route 53 zone of the domain",
  value: "zone",
  message: "Which Route 53 hosted zone holds the domain?",
  legal: "the name or ID of a public hosted zone, or none where DNS is elsewhere or there is no domain",
  without: awsOnly,
  example: () => "acme.org, or none where DNS is elsewhere",
  before: async (answers, around) => {
    const found = await around.hostedZones(answers);
    if ("unknown" in found) return `${found.unknown} Type what is asked for instead.`;
    return found.zones.length === 0 ? "The account has no public hosted zone." : undefined;
  },
  preset: async ({ domain, ...answers }, around) => {
    if (domain === none) return none;
    const zones = await zonesOf(answers, around);
    const zone = domain === undefined ? undefined : zoneHolding(domain, zones);
    const [only] = zones.length === 1 && domain === undefined ? zones : [zone];
    return only === undefined ? undefined : referenceTo(only, zones);
  },
  choices: async (answers, around) => {
    const zones = await zonesOf(answers, around);
    if (zones.length === 0) return [];
    return [
      ...zones.map((zone) => {
        const value = referenceTo(zone, zones);
        return { value, label: zone.name, ...(value === zone.id && { hint: zone.id }) };
      }),
      { value: undefined, label: "another one", hint: "by name or ID" },
      { value: none, label: "none", hint: "DNS is elsewhere, or there is no domain yet" },
    ];
  },
  problem: (text, answers) =>
    isPlaceholder(text) ? forExamples(text) : problemWith("hostedZone", { ...answers, hostedZone: text }),
  warning: async (text, answers, around) => {
    if (text === none) return undefined;
    const found = await around.hostedZones(answers);
    if ("unknown" in found) return undefined;
    if (zoneNamed(text, found.zones) !== undefined) return around.delegation(text, answers);
    const has = found.zones.length === 0 ? "none at all" : found.zones.map(({ name }) => name).join(", ");
    return `The account that these credentials lead to has no public hosted zone "${text}". It has ${has}.`;
  },
};

export const domain: Question = {
  name: "domain",
  flag: "domain",
  about: "The name of the API and the dashboard",
  message: "Under which name is Nango to be reached?",
  legal: "a host name in the zone; none, without a zone, for plain HTTP",
  without: awsOnly,
  preset: async (answers, around) => {
    const { hostedZone, stack = "" } = answers;
    if (hostedZone === none || hostedZone === undefined) return undefined;
    const zone = zoneNamed(hostedZone, await zonesOf(answers, around))?.name ?? hostedZone.replace(/\.$/, "");
    if (!zone.includes(".")) return undefined;
    const label = `nango-${stack.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`
      .slice(0, 63)
      .replace(/-+$/, "");
    return `${/^prod/i.test(stack) || label === "nango-nango" ? "nango" : label}.${zone}`;
  },
  example: ({ hostedZone }) =>
    hostedZone === none ? "nango.acme.org, or none for plain HTTP" : "nango.acme.org",
  problem: async (text, answers, around) => {
    if (text === none && answers.hostedZone !== none)
      return `a hosted zone (${answers.hostedZone ?? "hosted-zone"}) is for a domain; give one, or no zone (none)`;
    if (isPlaceholder(text)) return forExamples(text);
    const zone = zoneNamed(answers.hostedZone ?? none, await zonesOf(answers, around));
    const hostedZone = zone?.name ?? answers.hostedZone;
    return problemWith("domain", {
      ...answers,
      ...(hostedZone !== undefined && { hostedZone }),
      domain: text,
    });
  },
};

export const certificateArn: Question = {
  name: "certificateArn",
  flag: "certificate-arn",
  about: "With DNS elsewhere",
  value: "arn",
  message: "Which certificate of ACM covers that name and Connect UI's, connect.<domain>?",
  legal: settings.certificateArn.legal.replace("none, or ", ""),
  without: (answers, around) =>
    awsOnly(answers, around) ??
    (answers.hostedZone !== none
      ? "is for DNS outside Route 53, and there is a hosted zone"
      : answers.domain === none
        ? "is for a domain, and there is none"
        : undefined),
  example: ({ region }) => `arn:aws:acm:${region}:123456789012:certificate/...`,
  problem: (text, answers) => problemWith("certificateArn", { ...answers, certificateArn: text }),
};

export const allowedCidrs: Question = {
  name: "allowedCidrs",
  flag: "allowed-cidrs",
  about: "Who reaches Nango over plain HTTP",
  value: "ranges",
  message: "From which addresses? Plain HTTP is for your own alone",
  legal: "IPv4 ranges with commas between them",
  without: (answers, around) =>
    awsOnly(answers, around) ??
    (answers.domain === none
      ? undefined
      : "is asked for plain HTTP only; add nango:allowedCidrs to the file"),
  example: () => "203.0.113.7/32",
  problem: (text, answers) =>
    // Without a range the key is left out, which lets in everybody.
    listOf(text).length === 0
      ? `no range is named; name yours, or ${everyone} for everybody`
      : problemWith("allowedCidrs", { ...answers, allowedCidrs: text }),
  warning: async (text) =>
    listOf(text).includes(everyone)
      ? `Everybody on the internet reaches Nango over plain HTTP, which others can read on the way: ${everyone} in nango:allowedCidrs.`
      : undefined,
};

const everyone = "0.0.0.0/0";
