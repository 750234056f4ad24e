/** What `parseArgs` found wrong. Its message goes on with advice on positional arguments, which none of the commands takes. */
export function mistakeIn(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.\s.*$/s, "") : String(error);
}
