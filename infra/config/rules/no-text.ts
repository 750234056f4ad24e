/**
 * What is wrong with a date without quotes, which YAML reads as one and a program gets as Go prints it, or undefined.
 * https://pkg.go.dev/time#Time.String
 */
export function dateProblem(value: string): string | undefined {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} \S+$/.test(value)
    ? "is what YAML makes of a date without quotes; write it in quotes"
    : undefined;
}

/** What is wrong with what is no text in the stack's file, and reaches the program as one; or undefined. */
export function noTextProblem(value: string): string | undefined {
  return dateProblem(value) ?? structureProblem(value);
}

/** Pulumi hands over lists and maps as JSON. */
function structureProblem(value: string): string | undefined {
  try {
    const inside: unknown = JSON.parse(value);
    if (typeof inside !== "object" || inside === null) return undefined;
    return `is a ${Array.isArray(inside) ? "list" : "map"}, and not a text`;
  } catch {
    return undefined;
  }
}
