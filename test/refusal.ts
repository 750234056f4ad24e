/** The message of what a function throws; when it does not throw, the test fails. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}
