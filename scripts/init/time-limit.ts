/** How long a look at the network may take before the questions go on without it, in milliseconds. */
const timeLimit = 6000;

/** Gives a look-up so much time and no more. Rejects with what it rejects with, or with the word of the time limit. */
export async function lookUp<T>(look: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeLimit);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener(
      "abort",
      () => reject(new Error(`no answer within ${timeLimit / 1000} seconds`)),
      {
        once: true,
      },
    );
  });
  return Promise.race([look(signal), late]);
}
