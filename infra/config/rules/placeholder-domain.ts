/** Whether a host name is one of those that nobody can have. https://datatracker.ietf.org/doc/html/rfc2606#section-3 */
export function isPlaceholder(name: string): boolean {
  return /(^|\.)(example\.(com|net|org)|example|invalid|test)\.?$/.test(name);
}
