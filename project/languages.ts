// What node knows of languages. It reads it when it is first used, for some 15 ms each for order and for numbers.

let collator: Intl.Collator | undefined;

/** `subnet-2` comes before `subnet-10`. */
export function inOrder(one: string, other: string): number {
  collator ??= new Intl.Collator("en", { numeric: true });
  return collator.compare(one, other);
}

/** Reads it now: where nobody waits for it, as while a program starts. */
export function readLanguages(): void {
  inOrder("", "");
  (0).toLocaleString("en-US");
}
