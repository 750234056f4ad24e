/** The message of whatever a function throws, or undefined. */
export function thrown(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
