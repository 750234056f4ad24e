/** Whether a host name is one of those that nobody can have. https://datatracker.ietf.org/doc/html/rfc2606#section-3 */
export function isPlaceholder(name: string): boolean {
  return /(^|\.)(example\.(com|net|org)|example|invalid|test)\.?$/.test(name);
}

/** What to do about a stack that still has the values that the project came with. */
export const fillIn =
  "Set the three values in the stack's file to yours, aws:region, nango:domain and nango:hostedZone, or begin a stack of your own: npm run init";
