/** The most characters of an OpenSearch domain's name. https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createupdatedomains.html */
const longestDomainName = 28;

/**
 * The name of a search domain: of its base what fits (lower-case letters, digits and single hyphens, a letter first),
 * and a suffix of hexadecimal digits that keeps it apart from others.
 */
export function searchDomainName(base: string, suffix: string): string {
  const room = longestDomainName - suffix.length - 1;
  const cleaned = base
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, room)
    .replace(/-+$/, "");
  return `${cleaned === "" ? "nango" : cleaned}-${suffix}`;
}
