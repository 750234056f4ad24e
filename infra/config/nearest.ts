import { distance } from "fastest-levenshtein";

/** The shortest name that may be found as a part of another one: shorter ones lie in too many. */
const leastPart = 5;

/**
 * The name that somebody probably meant, or undefined when none is near: one that differs in a third of its letters at
 * most, and in three, or else one that is a part of what was written or of which that is a part, as `multiAz` is of
 * `databaseMultiAz`. Capitals and separators do not count.
 */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_.]/g, "");
  const sought = plain(written);
  const ranked = names
    .map((name) => ({ name, plain: plain(name), letters: difference(sought, plain(name)) }))
    .sort((a, b) => a.letters - b.letters);
  const mostLetters = Math.min(3, Math.round(sought.length / 3));
  const [first] = ranked;
  if (first !== undefined && first.letters <= mostLetters) return first.name;
  return ranked.find(({ plain: name }) => isPart(sought, name) || isPart(name, sought))?.name;
}

/** In how many letters two names differ; letters that only stand in another order count as one. */
function difference(a: string, b: string): number {
  const sorted = (text: string) => [...text].sort().join("");
  return a !== b && a.length === b.length && sorted(a) === sorted(b) ? 1 : distance(a, b);
}

const isPart = (part: string, whole: string): boolean => part.length >= leastPart && whole.includes(part);

/** The question that a message asks, with a space before it, or nothing when no name is near. */
export function didYouMean(
  written: string,
  names: readonly string[],
  show: (name: string) => string = (name) => name,
): string {
  const name = nearest(written, names);
  return name === undefined ? "" : ` Did you mean ${show(name)}?`;
}

/** How others say yes and no. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  true: ["yes", "y", "on", "1", "enabled", "enable", "t"],
  false: ["no", "n", "off", "0", "disabled", "disable", "f"],
};

/** The word that a value was probably meant for: one in other capitals, misspelt, or another word for yes or no. */
export function wordMeant(written: string, words: readonly string[]): string | undefined {
  const plain = written.trim();
  const same = words.find((word) => otherWords[word]?.includes(plain.toLowerCase()));
  return same ?? nearest(plain, words);
}
