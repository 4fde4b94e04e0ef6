/**
 * The beginning of `text`, up to `most` characters of it, cut between words: the first few characters of a secret would pass redaction.
 */
export function excerpt(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most);
  return `${WORD.test(text.charAt(most)) ? kept.replace(LAST_WORD, '') : kept}...`;
}

/** What keys and secrets are made of. */
const WORD = /[\w+/=-]/;
const LAST_WORD = /[\w+/=-]+$/;
