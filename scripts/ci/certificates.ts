// Until when Nango knows RDS by the certificates that come with the project.

import { X509Certificate } from "node:crypto";
import { rdsCertificates } from "../../infra/config/rules/rds-certificates.ts";
import { type Project, readStackConfiguration, stackNames } from "../../project/project.ts";

const DAY = 24 * 60 * 60 * 1000;

/** The regions of the stacks on AWS that name one. */
export function regionsOf(project: Project): string[] {
  const regions = stackNames(project).flatMap((stack) => {
    const { "aws:region": region } = readStackConfiguration(project, stack);
    return typeof region === "string" ? [region] : [];
  });
  return [...new Set(regions)].toSorted();
}

/** A line for each region, and whether its certificates last as long as wished. */
export function certificateLines(
  regions: readonly string[],
  days: number,
  now = new Date(),
): { readonly text: string; readonly lasts: boolean }[] {
  const limit = new Date(now.getTime() + days * DAY);
  return regions.map((region) => {
    const ends = (rdsCertificates(region, now) ?? "")
      .split(/(?<=-----END CERTIFICATE-----)/)
      .filter((pem) => pem.includes("BEGIN"))
      .map((pem) => new Date(new X509Certificate(pem).validTo));
    const first = ends.toSorted((a, b) => a.getTime() - b.getTime())[0];
    if (first === undefined) return { text: `${region}: none is valid`, lasts: false };
    const day = first.toISOString().slice(0, 10);
    return {
      text: `${region}: ${ends.length} certificates, the first expires on ${day}`,
      lasts: first > limit,
    };
  });
}
